// Checks a draw by its certificate and its list of tickets, within this page: step by step what
// chalicelib/promotions/verify.py checks, and in the same words (`refused.…`).
import { bytes, first, fromHex, hashed, hex, keyOf, sha256 } from "./chance";
import { type Certificate, canonical } from "./form";

/** holds, fails; none: nothing was promised; yours: only the reader can compare it; open: not there yet. */
export type Finding = "holds" | "fails" | "none" | "yours" | "open";

export const STEPS = ["promise", "list", "chance", "order", "places", "unchanged"] as const;
export type StepName = (typeof STEPS)[number];

export type Refusal =
  | "digest"
  | "unreadable"
  | "no_value"
  | "other_list"
  | "count"
  | "twice"
  | "lines"
  | "code"
  | "skipped_twice"
  | "no_reason"
  | "not_next_skipped"
  | "not_next_drawn"
  | "passed_over"
  | "slot"
  | "replaced_silently";

export interface Step {
  name: StepName;
  finding: Finding;
  refused?: Refusal;
}

export interface Verdict {
  steps: readonly Step[]; // in the order of the story
  outcome: "valid" | "invalid" | "unfinished" | "incomplete";
  entrants: readonly string[];
}

const CODES = 1024; // draws that one commitment is good for
// All that ends a line for some program: none of it may be within a ticket.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const ENDS = /\r\n|[\n\r\v\f\u001c-\u001e\u0085\u2028\u2029]/;

/** `list` is labels.txt as it was published, or null if it is not at hand. */
export async function verify(
  certificate: Certificate,
  list: Uint8Array<ArrayBuffer> | null,
  onProgress?: (done: number) => void,
): Promise<Verdict> {
  const unchanged = await checkedDigest(certificate);
  const entrants = list ? decoded(list) : null;
  const fixed = list ? await checkedList(certificate, list, entrants) : open("list");
  const labels = lines(entrants ?? "");
  const order = list ? await checkedOrder(certificate, labels, onProgress) : open("order");
  const steps = [await checkedPromise(certificate), fixed, chance(certificate), order, places(certificate), unchanged];
  return { steps, outcome: outcome(certificate, steps), entrants: labels };
}

function outcome({ code }: Certificate, steps: readonly Step[]): Verdict["outcome"] {
  if (steps.some(({ finding }) => finding === "fails")) return "invalid";
  if (code === null) return "unfinished";
  return steps.some(({ finding }) => finding === "open") ? "incomplete" : "valid";
}

const holds = (name: StepName): Step => ({ name, finding: "holds" });
const open = (name: StepName): Step => ({ name, finding: "open" });
const fails = (name: StepName, refused: Refusal): Step => ({ name, finding: "fails", refused });

async function checkedDigest(certificate: Certificate): Promise<Step> {
  const fits = hex(await sha256(bytes(canonical(certificate)))) === certificate.digest;
  return fits ? holds("unchanged") : fails("unchanged", "digest");
}

function decoded(list: Uint8Array<ArrayBuffer>): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(list);
  } catch {
    return null;
  }
}

function lines(text: string): string[] {
  const found = text.split(ENDS);
  return found.at(-1) === "" ? found.slice(0, -1) : found;
}

async function checkedList({ labels }: Certificate, list: Uint8Array<ArrayBuffer>, text: string | null): Promise<Step> {
  if (hex(await sha256(list)) !== labels.sha256) return fails("list", "other_list");
  if (text === null) return fails("list", "unreadable");
  const entrants = lines(text);
  if (entrants.length !== labels.count) return fails("list", "count");
  if (new Set(entrants).size !== entrants.length) return fails("list", "twice");
  const isOneALine = entrants.map((one) => `${one}\n`).join("") === text;
  return isOneALine ? holds("list") : fails("list", "lines");
}

/** SHA-256 applied so many times to the code gives what was promised. */
async function checkedPromise({ commitment, code }: Certificate): Promise<Step> {
  if (commitment === null) return { name: "promise", finding: "none" };
  if (code === null) return open("promise");
  const { number, sha256: promised } = commitment;
  const start = fromHex(code);
  const fits = start && Number.isInteger(number) && number >= 1 && number <= CODES;
  const reached = fits && hex(await hashed(start, number)) === promised;
  return reached ? holds("promise") : fails("promise", "code");
}

function chance({ randomness, code }: Certificate): Step {
  if (randomness === null) return { name: "chance", finding: "none" };
  if (code === null) return open("chance");
  return randomness.value ? { name: "chance", finding: "yours" } : fails("chance", "no_value");
}

/** The public value if one was named, else what tells this giveaway from all others. */
export function randomnessOf({ randomness, experience, giveaway }: Certificate): string {
  return randomness ? String(randomness.value) : `${experience}/${giveaway}`;
}

/** Everybody up to the last one drawn was drawn or skipped with a reason, in this order. */
async function checkedOrder(
  certificate: Certificate,
  labels: readonly string[],
  onProgress?: (done: number) => void,
): Promise<Step> {
  const { code, drawn, skipped } = certificate;
  if (code === null) return drawn.length + skipped.length === 0 ? open("order") : fails("order", "not_next_drawn");
  const start = fromHex(code);
  if (!start?.length) return fails("order", "unreadable");
  const key = await keyOf(start, randomnessOf(certificate));
  const expected = await first(key, labels, drawn.length + skipped.length, onProgress);
  const leftOut = new Set(skipped.map(({ label }) => label));
  if (leftOut.size !== skipped.length) return fails("order", "skipped_twice");
  if (!skipped.every(({ reason }) => reason)) return fails("order", "no_reason");
  const next = expected.filter(({ label }) => !leftOut.has(label));
  if (next.length !== drawn.length) return fails("order", "not_next_skipped");
  const isDrawn = next.every(({ place, label }, at) => drawn[at]?.position === place && drawn[at]?.label === label);
  return isDrawn ? holds("order") : fails("order", "not_next_drawn");
}

/** Winners fill the slots in order; each later one replaces somebody who was in that slot then. */
function places({ drawn, code }: Certificate): Step {
  const holders = new Map<number, string>();
  let alternates = 0;
  for (const { slot, label, replaces, reason } of drawn) {
    if (slot === null) {
      alternates += 1;
      continue;
    }
    if (alternates > 0) return fails("places", "passed_over");
    const present = holders.get(slot);
    const fits = present ? present === replaces : replaces === null && slot === holders.size + 1;
    if (!fits) return fails("places", "slot");
    if (present && !reason) return fails("places", "replaced_silently");
    holders.set(slot, label);
  }
  return code === null ? open("places") : holds("places");
}
