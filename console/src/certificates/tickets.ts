// Was my entry in, and what became of it? A ticket is found however it was typed.
import type { Certificate } from "./form";

export interface Found {
  label: string;
  line: number; // in the list, from 1
  fate: "won" | "replaced" | "alternate" | "skipped" | "not_drawn" | "waiting";
  slot?: number;
  prize?: string;
  reason?: string;
}

/** Null if no such ticket is in the list. */
export function find(typed: string, certificate: Certificate, entrants: readonly string[]): Found | null {
  const wanted = plain(typed);
  const at = wanted ? entrants.findIndex((label) => plain(label) === wanted) : -1;
  const label = entrants[at];
  return label === undefined ? null : { label, line: at + 1, ...fateOf(label, certificate) };
}

function plain(label: string): string {
  return label.toUpperCase().replace(/[^\p{L}\p{N}]/gu, "");
}

function fateOf(
  label: string,
  { drawn, skipped, code }: Certificate,
): Pick<Found, "fate" | "slot" | "prize" | "reason"> {
  const place = drawn.find((one) => one.label === label);
  const leftOut = skipped.find((one) => one.label === label);
  if (leftOut) return { fate: "skipped", reason: leftOut.reason };
  if (!place) return { fate: code === null ? "waiting" : "not_drawn" };
  if (place.slot === null) return { fate: "alternate" };
  const after = drawn.find(({ slot, replaces }) => slot === place.slot && replaces === label);
  const told = { slot: place.slot, ...(place.prize && { prize: place.prize }) };
  return after ? { ...told, fate: "replaced", reason: after.reason ?? "" } : { ...told, fate: "won" };
}
