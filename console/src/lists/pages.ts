// Pages of rows as plain data: what was read, put together.
import type { Row } from "../api/types";

export interface RecordsPage {
  items: Row[];
  next: string | null;
}

/** Each row once, at its first place: rows that moved while somebody read show up on two pages. */
export function unique(pages: readonly RecordsPage[]): Row[] {
  const seen = new Map<string, Row>();
  for (const page of pages) for (const row of page.items) if (!seen.has(row.id)) seen.set(row.id, row);
  return [...seen.values()];
}

/** How many of the last pages had no row. */
export function fruitless(pages: readonly RecordsPage[]): number {
  const last = pages.findLastIndex((page) => page.items.length > 0);
  return pages.length - 1 - last;
}

/** How many of the latest rows stand before the first that is known. */
export function arrivals(latest: readonly Row[], known: readonly Row[]): number {
  const ids = new Set(known.map((row) => row.id));
  const place = latest.findIndex((row) => ids.has(row.id));
  return place < 0 ? latest.length : place;
}
