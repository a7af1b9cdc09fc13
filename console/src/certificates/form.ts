// A certificate as docs/draws.md describes it: reading one from its text, and its digest.
export const FORMAT = "afterchat-draw/1";

export interface Drawn {
  label: string;
  position: string;
  slot: number | null;
  prize?: string | null;
  replaces: string | null;
  reason: string | null;
}

export interface Certificate {
  format: string;
  draw?: string;
  experience: string;
  giveaway: string;
  cut_off?: string;
  from?: string | null;
  to?: string | null;
  commitment: { sha256: string; committed_at: string; number: number } | null;
  randomness: { source: string; named_at: string; value: string | null; revealed_at?: string | null } | null;
  labels: { count: number; sha256: string; fixed_at?: string };
  code: string | null; // null until the draw is done
  drawn_at?: string | null;
  skipped: { label: string; reason: string }[];
  drawn: Drawn[];
  digest: string;
}

/** It is no certificate at all. */
export class NotACertificate extends Error {}

/** It is one that this page does not read. */
export class AnotherFormat extends NotACertificate {}

/** From its text, so that what is checked is what was published. Raises NotACertificate. */
export function parsed(text: string): Certificate {
  const content = read(text);
  if (!isObject(content)) throw new NotACertificate();
  if (typeof content.format === "string" && content.format !== FORMAT) throw new AnotherFormat();
  if (!isCertificate(content)) throw new NotACertificate();
  return content as unknown as Certificate;
}

type Members = Record<string, unknown>;

const HALF = /\p{Surrogate}/u; // of a letter: no UTF-8 has it

/** Whole numbers only: others could be written in two ways, and the digest knows one. */
function read(text: string): unknown {
  const checked = (name: string, value: unknown, context?: { source?: string }) => {
    const source = context?.source ?? String(value);
    const isFraction = typeof value === "number" && !(Number.isSafeInteger(value) && /^-?\d+$/.test(source));
    if (isFraction || HALF.test(name) || (typeof value === "string" && HALF.test(value))) throw new NotACertificate();
    return value;
  };
  try {
    return JSON.parse(text, checked);
  } catch {
    throw new NotACertificate();
  }
}

function isCertificate(content: Members): boolean {
  const { labels, commitment, randomness, code } = content;
  return (
    areTexts(content, ["format", "experience", "giveaway", "digest"]) &&
    isObject(labels) &&
    areTexts(labels, ["sha256"]) &&
    typeof labels.count === "number" &&
    (commitment === null || (isObject(commitment) && areTexts(commitment, ["sha256", "committed_at"]))) &&
    (randomness === null || (isObject(randomness) && areTexts(randomness, ["source", "named_at"]))) &&
    (code === null || typeof code === "string") &&
    isList(content.skipped, (one) => areTexts(one, ["label"])) &&
    isList(content.drawn, isPlace)
  );
}

function isPlace(one: Members): boolean {
  const isSlot = one.slot === null || typeof one.slot === "number";
  return isSlot && areTexts(one, ["label", "position"]) && "replaces" in one && "reason" in one;
}

function areTexts(content: Members, names: readonly string[]): boolean {
  return names.every((name) => typeof content[name] === "string");
}

function isList(value: unknown, each: (one: Members) => boolean): boolean {
  return Array.isArray(value) && value.every((one) => isObject(one) && each(one));
}

function isObject(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What the digest is of: everything but the digest, as JSON with members sorted by name and without blanks. */
export function canonical(certificate: Certificate): string {
  const { digest: _, ...content } = certificate;
  return json(content);
}

function json(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(json).join(",")}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const names = Object.keys(value).sort(byCodePoint);
  return `{${names.map((name) => `${JSON.stringify(name)}:${json(value[name])}`).join(",")}}`;
}

function byCodePoint(one: string, other: string): number {
  const [a, b] = [[...one], [...other]];
  const at = a.findIndex((letter, place) => letter !== b[place]);
  if (at < 0) return a.length - b.length;
  return (a[at]?.codePointAt(0) ?? 0) - (b[at]?.codePointAt(0) ?? -1);
}
