// New rows wait here until the reader wants them.
import { Button } from "@mantine/core";
import type { RefObject } from "react";
import type { KindName, Row } from "../api/types";
import { t } from "../words";
import type { Filters } from "./filters";
import { ARRIVALS, useAnew, useArrivals } from "./useRecords";

interface Props {
  kind: KindName;
  query: Filters;
  rows: readonly Row[];
  viewport: RefObject<HTMLDivElement | null>;
}

export function Arrivals({ kind, query, rows, viewport }: Props) {
  const anew = useAnew(kind, query);
  const count = useArrivals(kind, query, rows, rows.length > 0 && !query.email);
  if (count === 0) return null;
  const show = async () => {
    await anew();
    viewport.current?.scrollTo({ top: 0 });
  };
  return (
    <Button className="arrivals" size="xs" radius="xl" onClick={show}>
      {t(count >= ARRIVALS ? "list.arrivals_many" : "list.arrivals", { count })}
    </Button>
  );
}
