// What a list was asked: filters live in the address, so that every view is a link and back works. Pure functions; the
// hook beside them is `useListState`.
import type { KindName } from "../api/types";

export type Filters = Readonly<Record<string, string>>;

/** Filters that a list offers above its rows. `period` stands for `from` and `to`. */
export type FilterName =
  | "email"
  | "experience"
  | "period"
  | "active_days"
  | "state"
  | "consent"
  | "giveaway"
  | "instant_win"
  | "reward"
  | "name"
  | "level"
  | "text"
  | "event"
  | "trace_id"
  | "draw";

const OWN = ["record"]; // in the address, but no filter
export const STATES: Partial<Record<KindName, readonly string[]>> = {
  coupons: ["free", "issued"],
  codes: ["free", "redeemed"],
  consents: ["requested", "granted", "declined", "withdrawn"],
  winners: ["drawn", "notified", "accepted", "declined", "disqualified", "replaced"],
};

/** What of an address belongs to the list of this prefix. */
export function read(search: URLSearchParams, prefix: string): Filters {
  const found: Record<string, string> = {};
  for (const [name, value] of search) {
    const own = unprefixed(name, prefix);
    if (own && value) found[own] = value;
  }
  return found;
}

/** The address with these changes; an empty value leaves out, and so does a filter that needs what was left out. */
export function written(search: URLSearchParams, prefix: string, changes: Filters): URLSearchParams {
  const next = new URLSearchParams(search);
  for (const [name, value] of Object.entries(changes)) {
    if (value) next.set(prefixed(name, prefix), value);
    else next.delete(prefixed(name, prefix));
  }
  if (changes.experience === "") for (const name of NEEDS_EXPERIENCE) next.delete(prefixed(name, prefix));
  if (changes.consent === "") next.delete(prefixed("state", prefix));
  return next;
}

const NEEDS_EXPERIENCE = ["giveaway", "instant_win", "reward", "name"];

/** As the API wants it: only filters, whole days as moments in the tenant's zone, nothing that would be refused. */
export function asked(chosen: Filters, within: Filters, zone: string, masked: boolean): Filters {
  const query: Record<string, string> = {};
  for (const [name, value] of Object.entries({ ...chosen, ...within })) if (!OWN.includes(name)) query[name] = value;
  if (query.from) query.from = startOfDay(query.from, zone);
  if (query.to) query.to = startOfDay(nextDay(query.to), zone);
  if (query.email !== undefined && !isSearchable(query.email, masked)) delete query.email;
  return query;
}

/** At least two characters; without the right to see addresses, a whole one. */
export function isSearchable(text: string, masked: boolean): boolean {
  const trimmed = text.trim();
  return masked ? /^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(trimmed) : trimmed.length >= 2;
}

/** The moment at which a day (`2026-06-01`) begins in a time zone, as RFC 3339 in UTC; moments stay as they are. */
export function startOfDay(day: string, zone: string): string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return day;
  const utc = Date.parse(`${day}T00:00:00Z`);
  const guess = utc - offset(utc, zone);
  return new Date(utc - offset(guess, zone)).toISOString(); // once more, in case the clocks change on that day
}

export function nextDay(day: string): string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return day;
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}

/** Milliseconds that a zone's clocks are ahead of UTC at a moment. */
export function offset(at: number, zone: string): number {
  const parts = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset" }).formatToParts(at);
  const name = parts.find((part) => part.type === "timeZoneName")?.value ?? "GMT";
  const [, sign, hours, minutes] = /GMT([+-])(\d{2}):(\d{2})/.exec(name) ?? [];
  const ahead = Number(hours ?? 0) * 3_600_000 + Number(minutes ?? 0) * 60_000;
  return sign === "-" ? -ahead : ahead;
}

function prefixed(name: string, prefix: string): string {
  return prefix ? `${prefix}.${name}` : name;
}

function unprefixed(name: string, prefix: string): string | undefined {
  if (!prefix) return name.includes(".") ? undefined : name;
  return name.startsWith(`${prefix}.`) ? name.slice(prefix.length + 1) : undefined;
}
