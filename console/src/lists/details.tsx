// What the panel of one record shows beyond its columns, by kind; loaded when such a record is opened. To add one: a
// file with a default export that takes `row`, and a line here.
import { type ComponentType, type ReactNode, Suspense } from "react";
import type { KindName, Row } from "../api/types";
import { later } from "../words";

const DETAILS: Partial<Record<KindName, ComponentType<{ row: Row }>>> = {
  consents: later(() => import("../people/consents/ConsentDetail")),
  winners: later(() => import("../draws/WinnerDetail")),
  instant_win_winners: later(() => import("../draws/WinnerDetail")),
};

/** As `RecordList` takes it. */
export function detailOf(kind: KindName): ((row: Row) => ReactNode) | undefined {
  const Detail = DETAILS[kind];
  if (!Detail) return undefined;
  return (row) => (
    <Suspense>
      <Detail row={row} />
    </Suspense>
  );
}
