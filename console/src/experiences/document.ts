// An experience as plain data: members are named by JSON pointers, as the service names them in problems and warnings.
// Pure functions, used by the forms.

export type Json = null | boolean | number | string | Json[] | { [member: string]: Json };
export type Document = { [member: string]: Json };

export interface Difference {
  pointer: string;
  theirs: Json | undefined;
  mine: Json | undefined;
}

function steps(pointer: string): string[] {
  return pointer.split("/").slice(1);
}

export function read(document: Json, pointer: string): Json | undefined {
  let found: Json | undefined = document;
  for (const step of steps(pointer)) {
    if (typeof found !== "object" || found === null) return undefined;
    found = (found as Document)[step];
  }
  return found;
}

/** The document with another value there; everything else is the same object as before. */
export function written(document: Json, pointer: string, value: Json): Json {
  const [step, ...rest] = steps(pointer);
  if (step === undefined) return value;
  const below = written((document as Document)[step] ?? {}, rest.map((one) => `/${one}`).join(""), value);
  if (Array.isArray(document)) return document.map((one, place) => (String(place) === step ? below : one));
  return { ...(document as Document), [step]: below };
}

export function added(document: Json, pointer: string, part: Json): Json {
  return written(document, pointer, [...((read(document, pointer) as Json[]) ?? []), part]);
}

/** Without the part at that place of a list. */
export function without(document: Json, pointer: string): Json {
  const [, list, place] = /^(.*)\/(\d+)$/.exec(pointer) ?? [];
  if (list === undefined) return document;
  const parts = (read(document, list) as Json[]).filter((_, at) => String(at) !== place);
  return written(document, list, parts);
}

export function same(a: Json | undefined, b: Json | undefined): boolean {
  return differences(a, b).length === 0;
}

/** Members in which two versions differ, lists member by member. */
export function differences(theirs: Json | undefined, mine: Json | undefined, pointer = ""): Difference[] {
  if (theirs === mine) return [];
  const both = [theirs, mine].every((one) => typeof one === "object" && one !== null);
  if (!both || Array.isArray(theirs) !== Array.isArray(mine)) return [{ pointer, theirs, mine }];
  const [a, b] = [theirs as Document, mine as Document];
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return names.flatMap((name) => differences(a[name], b[name], `${pointer}/${name}`));
}

/** `E-Bike & Zubehör` → `e-bike-zubehoer`: what an id may look like. */
export function asId(title: string): string {
  const spelled = title.toLowerCase().replace(/[äöüß]/g, (letter) => UMLAUTS[letter] ?? letter);
  const plain = spelled
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/[^a-z0-9]+/g, "-");
  return plain.replace(/^-+|-+$/g, "").slice(0, 64);
}

const UMLAUTS: Record<string, string> = { ä: "ae", ö: "oe", ü: "ue", ß: "ss" };
