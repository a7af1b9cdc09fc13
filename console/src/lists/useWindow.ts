// Which rows are to be drawn: those in view and some around them, so that ten thousand scroll like fifty.
import { type RefObject, useCallback, useEffect, useLayoutEffect, useState } from "react";

export const ROW = 36; // pixels, as in console.css
const AROUND = 12; // rows
const STEP = 6; // rows scrolled before others are drawn

const places = new Map<string, number>(); // where lists were left

export function useWindow(viewport: RefObject<HTMLDivElement | null>, count: number, key: string) {
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(900);
  const follow = useCallback(() => {
    const element = viewport.current;
    if (!element) return;
    places.set(key, element.scrollTop);
    setTop(Math.floor(element.scrollTop / ROW / STEP) * STEP);
    setHeight(element.clientHeight);
  }, [viewport, key]);
  useLayoutEffect(() => {
    if (viewport.current) viewport.current.scrollTop = places.get(key) ?? 0;
    follow();
  }, [viewport, key, follow]);
  useEffect(() => {
    const element = viewport.current;
    if (!element) return;
    const resized = new ResizeObserver(follow);
    resized.observe(element);
    element.addEventListener("scroll", follow, { passive: true });
    return () => {
      resized.disconnect();
      element.removeEventListener("scroll", follow);
    };
  }, [viewport, follow]);
  const first = Math.max(0, Math.min(top, count) - AROUND);
  const last = Math.min(count, top + Math.ceil(height / ROW) + AROUND + STEP);
  const seen = top + Math.ceil(height / ROW);
  return { first, last, seen, above: first * ROW, below: (count - last) * ROW };
}

/** Brings a row into view, below the head of the table. */
export function reveal(viewport: HTMLDivElement | null, index: number): void {
  if (!viewport) return;
  const [from, to] = [index * ROW, (index + 2) * ROW];
  if (from < viewport.scrollTop) viewport.scrollTop = from;
  else if (to > viewport.scrollTop + viewport.clientHeight) viewport.scrollTop = to - viewport.clientHeight;
}

/** Puts the focus on a row that is drawn. */
export function focusRow(viewport: HTMLElement | null, id: string): void {
  const row = viewport?.querySelector(`[data-row="${CSS.escape(id)}"]`);
  row?.querySelector<HTMLElement>("[data-open]")?.focus({ preventScroll: true });
}
