// Times as people read them: relative within a day, else absolute in the tenant's time zone; the other one and UTC are
// always at hand.
import { currentLanguage, t } from "../words";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

let zone = "UTC";

/** The tenant's time zone; set when it is known who is signed in. */
export function setZone(name: string): void {
  zone = name;
}

export function zoneName(): string {
  return zone;
}

const DATE: Intl.DateTimeFormatOptions = { day: "numeric", month: "short", year: "numeric" };
const CLOCK: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const made = new Map<string, Intl.DateTimeFormat>();

function format(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const locale = currentLanguage() === "de" ? "de-DE" : "en-GB";
  const key = `${locale} ${zone} ${JSON.stringify(options)}`;
  const known = made.get(key) ?? new Intl.DateTimeFormat(locale, { ...options, timeZone: zone });
  made.set(key, known);
  return known;
}

/** `21 May 2026, 10:00` */
export function moment(iso: string): string {
  return format({ ...DATE, ...CLOCK }).format(new Date(iso));
}

/** `21 May, 10:00`; with the year once it is another one: for lists. */
export function short(iso: string, now = Date.now()): string {
  const sameYear = new Date(iso).getUTCFullYear() === new Date(now).getUTCFullYear();
  return sameYear ? format({ day: "numeric", month: "short", ...CLOCK }).format(new Date(iso)) : moment(iso);
}

/** `10:00` */
export function clock(iso: string): string {
  return format(CLOCK).format(new Date(iso));
}

/** `21 May 2026` */
export function day(iso: string): string {
  return format(DATE).format(new Date(iso));
}

/** `21 May, 10:00:07.123`: for logs. */
export function precise(iso: string): string {
  const options = { day: "numeric", month: "short", ...CLOCK, second: "2-digit", fractionalSecondDigits: 3 } as const;
  return format(options).format(new Date(iso));
}

/** `just now`, `5 min ago`, `3 h ago`, from a day on absolute. */
export function told(iso: string, now = Date.now()): string {
  const past = now - Date.parse(iso);
  if (past < 0 || past >= DAY) return short(iso, now);
  if (past < MINUTE) return t("time.now");
  if (past < HOUR) return t("time.minutes_ago", { count: Math.floor(past / MINUTE) });
  return t("time.hours_ago", { count: Math.floor(past / HOUR) });
}

/** `in 12 d`, `in 5 h`: when a row will be gone. */
export function left(iso: string, now = Date.now()): string {
  const ahead = Date.parse(iso) - now;
  if (ahead <= 0) return t("time.gone");
  if (ahead < HOUR) return t("time.in_minutes", { count: Math.ceil(ahead / MINUTE) });
  if (ahead < 2 * DAY) return t("time.in_hours", { count: Math.floor(ahead / HOUR) });
  return t("time.in_days", { count: Math.floor(ahead / DAY) });
}

export function isSoon(iso: string, now = Date.now()): boolean {
  return Date.parse(iso) - now < 3 * DAY;
}

/** Everything about a moment, for tooltips: in the tenant's zone, and in UTC. */
export function whole(iso: string): string {
  const local = format({ ...DATE, ...CLOCK, second: "2-digit", timeZoneName: "short" }).format(new Date(iso));
  return `${local} · ${new Date(iso).toISOString().replace(/\.\d+Z$/, "Z")}`;
}
