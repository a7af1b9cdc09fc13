// The experience's document as the pages that manage promotions read it: what it offers, until when, what is left.
import { startOfDay } from "../lists/filters";

export interface Giveaway {
  id: string;
  title: string;
  opens_at?: string | null;
  closes_at?: string | null;
  prizes: { name: string; count: number }[];
  respond_days?: number | null;
}

export interface InstantWin {
  id: string;
  title: string;
  opens_at?: string | null;
  closes_at?: string | null;
  prizes: { id: string; name: string; stock: number }[];
}

export interface Reward {
  id: string;
  title: string;
  cost: number;
  stock?: number | null;
}

export interface Document {
  id: string;
  title: string;
  closed: boolean;
  giveaways: Giveaway[];
  instant_wins: InstantWin[];
  rewards: Reward[];
  commitments: Record<string, { sha256: string; committed_at: string }>;
  stock: { rewards: Record<string, number>; instant_wins: Record<string, Record<string, number>> };
}

const DAY = 86_400_000;

/** The last day, in the tenant's zone, through all of which an entry made at the opening is still kept. */
export function lastSafeDay({ opens_at }: Giveaway, days: number, zone: string, now = Date.now()): string {
  const firstGone = (opens_at ? Date.parse(opens_at) : now) + days * DAY;
  const day = new Intl.DateTimeFormat("en-CA", { timeZone: zone }).format(firstGone);
  return startOfDay(new Date(Date.parse(`${day}T00:00:00Z`) - DAY).toISOString().slice(0, 10), zone);
}

export function isOpen(part: { closes_at?: string | null }, document: Document, now = Date.now()): boolean {
  return !document.closed && (!part.closes_at || Date.parse(part.closes_at) > now);
}
