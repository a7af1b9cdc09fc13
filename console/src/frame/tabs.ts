// The nine tabs of Data with their parts, and the pages of the workspace: what the rail, the line under the title and
// the jump list show. A path here is a path of `app/routes.tsx`.
import type { Verb } from "../api/types";
import * as icons from "../parts/icons";
import type { Word } from "../words";

export interface Place {
  path: string;
  word: Word;
  icon: (props: { size?: number }) => React.ReactNode;
  needs?: Verb;
  parts?: readonly Part[];
}

export interface Part {
  path: string;
  word: Word;
}

const part = (path: string, word: Word): Part => ({ path, word });

export const OVERVIEW: Place = { path: "/", word: "tab.overview", icon: icons.Overview };

export const TABS: readonly Place[] = [
  { path: "/customers", word: "tab.customers", icon: icons.People },
  { path: "/consents", word: "tab.consents", icon: icons.Consent },
  {
    path: "/giveaways",
    word: "tab.giveaways",
    icon: icons.Gift,
    parts: [
      part("/giveaways/manage", "sub.manage"),
      part("/giveaways/participations", "sub.participations"),
      part("/giveaways/drawn", "sub.drawn"),
    ],
  },
  {
    path: "/instant-win",
    word: "tab.instant-win",
    icon: icons.Spark,
    parts: [
      part("/instant-win/manage", "sub.manage"),
      part("/instant-win/participations", "sub.participations"),
      part("/instant-win/drawn", "sub.drawn"),
    ],
  },
  {
    path: "/codes",
    word: "tab.codes",
    icon: icons.Ticket,
    parts: [
      part("/codes/manage-coupons", "sub.manage-coupons"),
      part("/codes/manage-codes", "sub.manage-codes"),
      part("/codes/coupons", "sub.coupons"),
      part("/codes/codes", "sub.codes"),
    ],
  },
  {
    path: "/loyalty",
    word: "tab.loyalty",
    icon: icons.Star,
    parts: [
      part("/loyalty/manage", "sub.manage"),
      part("/loyalty/redemptions", "sub.redemptions"),
      part("/loyalty/transactions", "sub.transactions"),
    ],
  },
  { path: "/variables", word: "tab.variables", icon: icons.Variable },
  { path: "/files", word: "tab.files", icon: icons.FileIcon },
  { path: "/log", word: "tab.log", icon: icons.Log },
];

export const WORKSPACE: readonly Place[] = [
  { path: "/experiences", word: "nav.experiences", icon: icons.Chat },
  { path: "/jobs", word: "nav.jobs", icon: icons.Clock },
  { path: "/gdpr", word: "nav.gdpr", icon: icons.Shield },
  { path: "/receipts", word: "nav.receipts", icon: icons.Receipt, needs: "receipts" },
  { path: "/audit", word: "nav.audit", icon: icons.Eye, needs: "audit" },
  { path: "/keys", word: "nav.keys", icon: icons.Key, needs: "keys" },
  { path: "/webhooks", word: "nav.webhooks", icon: icons.Hook, needs: "webhooks" },
  { path: "/settings", word: "nav.settings", icon: icons.Settings },
];

/** The tab that a path lies in. */
export function placeOf(path: string): Place | undefined {
  return [...TABS, ...WORKSPACE].find((place) => path === place.path || path.startsWith(`${place.path}/`));
}
