// The order of all tickets, which one code decides (docs/draws.md): what chalicelib/promotions/order.py does, by
// WebCrypto. Nothing here asks the network.
type Bytes = Uint8Array<ArrayBuffer>;

const AT_ONCE = 512; // positions computed side by side

export interface Position {
  place: string; // in hex: the lowest comes first
  label: string;
}

type Progress = (done: number) => void;

export function bytes(text: string): Bytes {
  return new TextEncoder().encode(text);
}

export function hex(content: Bytes): string {
  return Array.from(content, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Null if it is no hex. */
export function fromHex(text: string): Bytes | null {
  if (!/^([0-9a-f]{2})*$/i.test(text)) return null;
  return Uint8Array.from({ length: text.length / 2 }, (_, at) => Number.parseInt(text.slice(2 * at, 2 * at + 2), 16));
}

export async function sha256(content: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", content));
}

/** SHA-256 applied so many times. */
export async function hashed(content: Bytes, times: number): Promise<Bytes> {
  let found = content;
  for (let done = 0; done < times; done += 1) found = await sha256(found);
  return found;
}

/** What gives every ticket its position. */
export async function keyOf(code: Bytes, randomness: string): Promise<CryptoKey> {
  const own = await signing(code);
  return signing(new Uint8Array(await crypto.subtle.sign("HMAC", own, bytes(randomness))));
}

function signing(key: Bytes): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", key, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
}

export async function position(key: CryptoKey, label: string): Promise<Position> {
  const signed = await crypto.subtle.sign("HMAC", key, bytes(`${label}\u0001`));
  return { place: hex(new Uint8Array(signed)), label };
}

/** The first so many of the order; memory for some more than these, however many tickets there are. */
export async function first(
  key: CryptoKey,
  labels: readonly string[],
  count: number,
  onProgress?: Progress,
): Promise<Position[]> {
  let found: Position[] = [];
  for (let at = 0; at < labels.length; at += AT_ONCE) {
    found.push(...(await Promise.all(labels.slice(at, at + AT_ONCE).map((label) => position(key, label)))));
    if (found.length > 4 * count + AT_ONCE) found = lowest(found, count);
    onProgress?.(Math.min(labels.length, at + AT_ONCE));
  }
  return lowest(found, count);
}

/** The how-manieth a ticket is in the whole order. */
export async function placeOf(key: CryptoKey, labels: readonly string[], label: string): Promise<number> {
  const own = await position(key, label);
  let before = 0;
  for (let at = 0; at < labels.length; at += AT_ONCE) {
    const others = await Promise.all(labels.slice(at, at + AT_ONCE).map((other) => position(key, other)));
    before += others.filter(({ place }) => place < own.place).length;
  }
  return before + 1;
}

function lowest(found: Position[], count: number): Position[] {
  return found.sort((one, other) => (one.place < other.place ? -1 : 1)).slice(0, count);
}
