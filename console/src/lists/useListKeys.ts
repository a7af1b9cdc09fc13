// j, k, x and Enter over the rows: j and k move the focus itself, so Enter needs nothing of its own.
import { type RefObject, useRef } from "react";
import type { Row } from "../api/types";
import { useKeys } from "../frame/useKeys";
import { focusRow, reveal } from "./useWindow";

interface Keyed {
  rows: readonly Row[];
  viewport: RefObject<HTMLDivElement | null>;
  select: (ids: readonly string[], on: boolean) => void;
  selected: ReadonlySet<string>;
  enabled: boolean;
}

export function useListKeys({ rows, viewport, select, selected, enabled }: Keyed): void {
  const last = useRef<string>(undefined); // the focus follows a moment after the key
  const move = (step: number) => {
    const at = rows.findIndex((row) => row.id === (last.current ?? focused()));
    const next = rows[Math.max(0, Math.min(rows.length - 1, at < 0 ? 0 : at + step))];
    if (!next) return;
    last.current = next.id;
    reveal(viewport.current, rows.indexOf(next));
    // A row that was out of view is drawn a moment later.
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        focusRow(viewport.current, next.id);
        last.current = undefined;
      }),
    );
  };
  const toggle = () => {
    const id = focused();
    if (id) select([id], !selected.has(id));
  };
  useKeys(enabled ? { j: () => move(1), k: () => move(-1), x: toggle } : {});
}

function focused(): string | undefined {
  return document.activeElement?.closest<HTMLElement>("[data-row]")?.dataset.row;
}
