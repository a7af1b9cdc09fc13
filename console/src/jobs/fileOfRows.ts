// Rows as CSV and JSONL, as the service's exports write them: a formula is a text, a line ends in CRLF. Pure.
import type { Row } from "../api/types";

const COMMON = ["created_at", "expires_at", "customer_id"];
const FORMULA = /^(?:[\t\r\n]|[\t\r\n \u00a0\u3000\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20])/;
const HARMLESS = /^[+-][0-9][0-9 .,]*(?: \([0-9]+\)[0-9 .,]*)?$/; // phone numbers, amounts

export function csv(columns: readonly string[], rows: readonly Row[], separator: string): string {
  const names = [...COMMON, ...columns.filter((name) => !COMMON.includes(name))].flatMap((name) => spread(name, rows));
  const lines = [
    names.map((name) => cell(name, separator)),
    ...rows.map((row) => names.map((name) => cell(value(row, name), separator))),
  ];
  return `\ufeff${lines.map((line) => `${line.join(separator)}\r\n`).join("")}`;
}

export function jsonl(rows: readonly Row[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join("");
}

/** A map is a column for each name in it. */
function spread(name: string, rows: readonly Row[]): string[] {
  const maps = rows.map((row) => row[name]).filter(isMap);
  if (maps.length === 0) return name === "fields" ? [] : [name];
  return [...new Set(maps.flatMap(Object.keys))].sort().map((inner) => `${name}.${inner}`);
}

function value(row: Row, name: string): unknown {
  if (name in row) return row[name];
  const dot = name.indexOf(".");
  return (row[name.slice(0, dot)] as Record<string, unknown> | null)?.[name.slice(dot + 1)];
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function cell(value: unknown, separator: string): string {
  if (value === null || value === undefined) return "";
  const text = guarded(typeof value === "string" ? value : JSON.stringify(value));
  return /["\r\n]/.test(text) || text.includes(separator) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** What a spreadsheet would compute gets an apostrophe in front. */
export function guarded(text: string): string {
  return FORMULA.test(text) && !HARMLESS.test(text.trim()) ? `'${text}` : text;
}
