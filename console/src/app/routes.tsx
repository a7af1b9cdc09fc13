// The route table: every address of the console (after `#`), each page in a file that is loaded when it is opened.
// To add a page: a file with a default export, a line here, and a line in `frame/tabs.ts` if the rail shows it.
import { type ComponentType, createElement, Suspense } from "react";
import { createHashRouter, Navigate, Outlet, type RouteObject } from "react-router";
import { Frame } from "../frame/Frame";
import { RecordsPage } from "../lists/RecordsPage";
import { Broken } from "../pages/Broken";
import { Missing } from "../pages/Missing";
import { Loading } from "../parts/Loading";
import { SignedIn } from "../session/SignedIn";
import { later } from "../words";

type Loaded = () => Promise<{ default: ComponentType }>;

function page(path: string, load: Loaded): RouteObject {
  return { path, element: createElement(later(load)) };
}

function list(path: string, name: Parameters<typeof RecordsPage>[0]["name"]): RouteObject {
  return { path, element: <RecordsPage key={name} name={name} /> };
}

function first(path: string, part: string): RouteObject {
  return { path, element: <Navigate to={`${path}/${part}`} replace /> };
}

const LISTS: RouteObject[] = [
  list("/customers", "customers"),
  list("/consents", "consents"),
  list("/giveaways/participations", "participations"),
  list("/giveaways/drawn", "winners"),
  list("/instant-win/participations", "instant_win_participations"),
  list("/instant-win/drawn", "instant_win_winners"),
  list("/codes/coupons", "coupons"),
  list("/codes/codes", "codes"),
  list("/loyalty/redemptions", "redemptions"),
  list("/loyalty/transactions", "transactions"),
  list("/variables", "variables"),
  list("/files", "files"),
];

const PEOPLE: RouteObject[] = [
  page("/customers/:id", () => import("../people/Customer")),
  page("/jobs", () => import("../jobs/Jobs")),
  page("/gdpr", () => import("../people/Gdpr")),
  page("/settings", () => import("../people/Settings")),
  page("/keys", () => import("../people/Keys")),
  page("/audit", () => import("../people/Audit")),
  page("/receipts", () => import("../people/Receipts")),
  page("/webhooks", () => import("../webhooks/Webhooks")),
];

const PROMOTIONS: RouteObject[] = [
  page("/", () => import("../promotions/Overview")),
  page("/giveaways/manage", () => import("../promotions/ManageGiveaways")),
  page("/instant-win/manage", () => import("../promotions/ManageInstantWins")),
  page("/codes/manage-coupons", () => import("../promotions/ManageCoupons")),
  page("/codes/manage-codes", () => import("../promotions/ManageCodes")),
  page("/loyalty/manage", () => import("../promotions/ManageLoyalty")),
  page("/experiences", () => import("../promotions/Experiences")),
  page("/experiences/:id", () => import("../promotions/Experience")),
  page("/draws/:id", () => import("../promotions/Draw")),
  page("/log", () => import("../promotions/RuntimeLog")),
  page("/traces/:id", () => import("../promotions/Trace")),
];

const PARTS = [
  first("/giveaways", "manage"),
  first("/instant-win", "manage"),
  first("/codes", "manage-coupons"),
  first("/loyalty", "manage"),
];

/** Without the frame there is nothing else to show while a page is loaded. */
function Alone() {
  return (
    <Suspense fallback={<Loading />}>
      <Outlet />
    </Suspense>
  );
}

export function makeRouter() {
  return createHashRouter([
    {
      element: <SignedIn />,
      errorElement: <Broken />,
      children: [
        {
          element: <Frame />,
          children: [
            {
              errorElement: <Broken />,
              children: [...LISTS, ...PEOPLE, ...PROMOTIONS, ...PARTS, { path: "*", element: <Missing /> }],
            },
          ],
        },
      ],
    },
    // Open to everybody who has the address.
    {
      element: <Alone />,
      errorElement: <Broken />,
      children: [page("/certificate/:id", () => import("../promotions/Certificate"))],
    },
  ]);
}
