// What is asked of a draw, as the form has it and as the API wants it.
import type { components } from "../api/schema";
import { nextDay, startOfDay } from "../lists/filters";
import { type Document, type Giveaway, isOpen } from "../promotions/document";

export type NewDraw = components["schemas"]["NewDraw"];
export const MOST = 1000; // winners and alternates of one draw

export interface Wanted {
  test: boolean;
  count: number;
  alternates: number;
  exclude: "none" | "giveaway" | "tenant";
  from: string; // days, or nothing
  to: string;
  allowFewer: boolean;
  source: string; // of public randomness, or nothing
}

export type Missing = "count" | "too_many" | "to";

export function wantedOf(giveaway: Giveaway, document: Document): Wanted {
  const prizes = giveaway.prizes.reduce((sum, { count }) => sum + count, 0);
  return {
    test: isOpen(giveaway, document),
    count: Math.min(prizes, MOST) || 1,
    alternates: 0,
    exclude: "none",
    from: "",
    to: "",
    allowFewer: false,
    source: "",
  };
}

/** What keeps the draw from being asked for. While the giveaway is open, entries need an end that is past. */
export function missingOf(wanted: Wanted, isStillOpen: boolean): Missing | undefined {
  if (!(wanted.count >= 1)) return "count";
  if (wanted.count + wanted.alternates > MOST) return "too_many";
  return isStillOpen && !wanted.test && !wanted.to ? "to" : undefined;
}

export function bodyOf(wanted: Wanted, giveaway: string, zone: string): NewDraw {
  const { test, count, alternates, exclude, from, to, allowFewer, source } = wanted;
  return {
    giveaway,
    count,
    alternates,
    exclude,
    allow_fewer: allowFewer,
    dry_run: test,
    prizes: null,
    from: from ? startOfDay(from, zone) : null,
    to: to ? startOfDay(nextDay(to), zone) : null,
    public_randomness: source.trim() && !test ? { source: source.trim() } : null,
  };
}

/** The prizes by slot: the giveaway's own in their order, as far as they go. */
export function prizesFor(giveaway: Giveaway, count: number): { name: string | null; count: number }[] {
  const found: { name: string | null; count: number }[] = [];
  let left = count;
  for (const prize of giveaway.prizes) {
    const taken = Math.min(left, prize.count);
    if (taken > 0) found.push({ name: prize.name, count: taken });
    left -= taken;
  }
  return left > 0 ? [...found, { name: null, count: left }] : found;
}
