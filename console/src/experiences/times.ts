// Moments as a form's input has them, in the tenant's time zone and to the minute, and as the service has them.
import { offset } from "../lists/filters";

/** `2026-06-01T00:00` of `2026-05-31T22:00:00Z` in Berlin. */
export function toLocal(moment: string, zone: string): string {
  const at = Date.parse(moment);
  return Number.isNaN(at) ? "" : new Date(at + offset(at, zone)).toISOString().slice(0, 16);
}

/** The moment at which clocks of that zone show it. */
export function fromLocal(local: string, zone: string): string {
  const utc = Date.parse(`${local}Z`);
  const guess = utc - offset(utc, zone);
  return new Date(utc - offset(guess, zone)).toISOString();
}
