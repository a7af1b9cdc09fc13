// A file of rows that were found by what names a person, or picked by hand: made here, since no job may hold that.
// The audit log hears of it first.
import { useState } from "react";
import { answer, api } from "../api/client";
import { columnsOf } from "../api/queries";
import type { KindName, Row } from "../api/types";
import type { Filters } from "../lists/filters";
import { unique } from "../lists/pages";
import { readRecords } from "../lists/useRecords";
import { saveAs } from "../parts/saving";
import { currentLanguage } from "../words";
import type { Choice } from "./ExportChoices";
import { csv, jsonl } from "./fileOfRows";

const MOST = 5000; // rows

export function useFileOfRows({ kind, format }: Choice, filters: Filters) {
  const [progress, setProgress] = useState<number>();
  const [count, setCount] = useState<number>();
  const [error, setError] = useState<unknown>();
  const make = async () => {
    if (progress !== undefined) return;
    setProgress(0);
    setError(undefined);
    setCount(undefined);
    try {
      const rows = await readAll(kind, filters, setProgress);
      await saveRows(kind, format === "jsonl" ? "jsonl" : "csv", rows, filters.experience);
      setCount(rows.length);
    } catch (problem) {
      setError(problem);
    }
    setProgress(undefined);
  };
  return { progress, count, error, make };
}

/** Page after page, each row once. */
async function readAll(kind: KindName, filters: Filters, onProgress: (percent: number) => void): Promise<Row[]> {
  const pages = [];
  for (let cursor: string | null = "", found = 0; cursor !== null && found < MOST; ) {
    const page = await readRecords(kind, { ...filters, limit: "100", ...(cursor && { cursor }) });
    pages.push(page);
    cursor = page.next;
    found += page.items.length;
    onProgress(Math.min(95, (found / (found + 100)) * 100));
  }
  return unique(pages).slice(0, MOST);
}

/** Saves these rows under the columns that an export has. */
export async function saveRows(kind: KindName, format: "csv" | "jsonl", rows: Row[], experience?: string) {
  const noted = { kind, format, rows: rows.length, experience: experience ?? null };
  await answer(api.POST("/v1/exports/shown", { body: noted }));
  const content = format === "csv" ? csv(await columnsOf(kind), rows, separator()) : jsonl(rows);
  const type = format === "csv" ? "text/csv;charset=utf-8" : "application/jsonl";
  const name = [kind, experience, new Date().toISOString().slice(0, 10)].filter(Boolean).join("-");
  saveAs(`${name}.${format}`, content, type);
}

function separator(): string {
  return currentLanguage() === "de" ? ";" : ",";
}
