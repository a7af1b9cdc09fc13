// New rows wait here until the reader wants them. A live list is looked at more often, and takes them in by itself while
// the reader is at its top.
import { Button } from "@mantine/core";
import { type RefObject, useEffect, useRef } from "react";
import type { KindName, Row } from "../api/types";
import { t } from "../words";
import type { Filters } from "./filters";
import { ARRIVALS, useAnew, useArrivals } from "./useRecords";

interface Props {
  kind: KindName;
  query: Filters;
  rows: readonly Row[];
  viewport: RefObject<HTMLDivElement | null>;
  live?: boolean | undefined;
  held?: boolean; // the reader is at some row: nothing moves
}

export function Arrivals({ kind, query, rows, viewport, live = false, held = false }: Props) {
  const anew = useAnew(kind, query);
  const count = useArrivals(kind, query, rows, (live || rows.length > 0) && !query.email, live);
  const follows = live && !held;
  const latest = useRef(anew);
  latest.current = anew;
  useEffect(() => {
    if (follows && count > 0 && isAtTop(viewport)) void latest.current();
  }, [follows, count, viewport]);
  if (count === 0 || (follows && isAtTop(viewport))) return null;
  const show = async () => {
    await anew();
    viewport.current?.scrollTo({ top: 0 });
  };
  const word = kind === "log" ? "log.arrivals" : "list.arrivals";
  return (
    <Button className="arrivals" size="xs" radius="xl" onClick={show}>
      {t(count >= ARRIVALS ? `${word}_many` : word, { count })}
    </Button>
  );
}

function isAtTop(viewport: RefObject<HTMLDivElement | null>): boolean {
  return (viewport.current?.scrollTop ?? 0) < 4;
}
