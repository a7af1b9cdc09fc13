// Coming back to a list, by the browser's button or from the panel of a record: the focus is on the row that was opened.
import { type RefObject, useCallback, useEffect, useRef } from "react";
import { useNavigationType } from "react-router";
import type { Row } from "../api/types";
import { focusRow, reveal } from "./useWindow";

const opened = new Map<string, string>(); // by the place of the list: the row that somebody went into

interface Returning {
  place: string;
  rows: readonly Row[];
  viewport: RefObject<HTMLDivElement | null>;
  record: string | undefined; // the one that is open beside the list
}

/** Notes that a row is opened; the rest is done by itself. */
export function useReturn({ place, rows, viewport, record }: Returning): (id: string) => void {
  const isBack = useNavigationType() === "POP";
  const waiting = useRef(isBack ? opened.get(place) : undefined); // after a reload nothing is remembered
  const before = useRef(record);
  if (before.current && !record) waiting.current = before.current;
  before.current = record;
  useEffect(() => {
    const id = waiting.current;
    const index = id ? rows.findIndex((row) => row.id === id) : -1;
    if (!id || index < 0 || record) return;
    waiting.current = undefined;
    opened.delete(place);
    if (isElsewhere()) return;
    reveal(viewport.current, index);
    requestAnimationFrame(() => requestAnimationFrame(() => isElsewhere() || focusRow(viewport.current, id)));
  });
  return useCallback((id: string) => opened.set(place, id), [place]);
}

/** Whoever is typing, or has moved on, is left alone. */
function isElsewhere(): boolean {
  const focused = document.activeElement;
  return focused !== null && focused !== document.body && focused.closest("input, textarea, [role=dialog]") !== null;
}
