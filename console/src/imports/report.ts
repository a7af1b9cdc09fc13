// The report of an import, line by line, as far as a screen can show it. The parser is pure.
export interface Line {
  line: string;
  code: string;
  result: string;
  reason: string;
}

const MOST_BYTES = 6_000_000;
export const MOST_LINES = 500;

/** The first lines of each result, and whether there are more than these. */
export async function readReport(url: string, signal?: AbortSignal): Promise<Line[]> {
  const answer = await fetch(url, signal ? { signal } : {});
  if (!answer.ok || !answer.body) throw new Error(`HTTP ${answer.status}`);
  const reader = answer.body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  for (let read = 0; read < MOST_BYTES; ) {
    const { done, value } = await reader.read();
    if (done) return lines(text + decoder.decode());
    read += value.length;
    text += decoder.decode(value, { stream: true });
  }
  await reader.cancel();
  return lines(text).slice(0, -1); // the last one may be torn
}

/** Of each result no more than a table can show. */
export function lines(text: string): Line[] {
  const counted = new Map<string, number>();
  const found: Line[] = [];
  for (const [line = "", code = "", result = "", reason = ""] of records(text.replace(/^\ufeff/, ""))) {
    const count = (counted.get(result) ?? 0) + 1;
    counted.set(result, count);
    if (count <= MOST_LINES && result && result !== "result") found.push({ line, code, result, reason });
  }
  return found;
}

/** RFC 4180, with commas. */
function* records(text: string): Generator<string[]> {
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y;
  let record: string[] = [];
  while (cell.lastIndex < text.length) {
    const found = cell.exec(text);
    if (!found) return;
    record.push(found[1] === undefined ? (found[2] ?? "") : found[1].replaceAll('""', '"'));
    if (found[3] === ",") continue;
    yield record;
    record = [];
  }
}
