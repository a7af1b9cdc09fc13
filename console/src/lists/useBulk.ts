// One call for each selected row, one after the other. A row that fails stays selected; when every further call would
// fail as well (no network, no right), the rest is left alone.
import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { answer, api } from "../api/client";
import { Problem } from "../api/problem";
import type { KindName, Row } from "../api/types";
import { deleteOne } from "../deleting/deleteOne";
import { reason } from "../parts/ErrorState";
import { t, type Word } from "../words";
import { useForget } from "./useRecords";

export type Bulk = ReturnType<typeof useBulk>;

export function useBulk(
  kind: KindName,
  rows: readonly Row[],
  selected: ReadonlySet<string>,
  onSelect: (ids: ReadonlySet<string>) => void,
) {
  const forget = useForget();
  const cache = useQueryClient();
  const busy = useRef(false);
  const [work, setWork] = useState<{ progress: number; doing: string }>();
  const [failure, setFailure] = useState<string>();
  const [told, setTold] = useState<string>();

  const each = async (doing: Word, deed: (id: string) => Promise<unknown>): Promise<Set<string>> => {
    const left = new Set(selected);
    if (busy.current) return left;
    busy.current = true;
    setFailure(undefined);
    setTold(undefined);
    let last: unknown;
    for (const [place, id] of [...selected].entries()) {
      setWork({ progress: (place / selected.size) * 100, doing: t(doing) });
      try {
        await deed(id);
        left.delete(id);
      } catch (error) {
        last = error;
        if (!isOfOneRow(error)) break;
      }
    }
    if (last) setFailure(t("select.failed", { count: left.size, reason: reason(last) }));
    setWork(undefined);
    busy.current = false;
    return left;
  };

  const remove = async () => {
    const remaining = await each("list.deleting", async (id) => {
      await deleteOne(kind, id);
      forget(kind, [id]);
    });
    onSelect(remaining);
  };
  const notify = async () => {
    const remaining = await each("select.notifying", (id) => notified(kind, id));
    onSelect(remaining);
    await cache.invalidateQueries({ queryKey: ["records", kind] });
  };
  const save = async () => {
    const found: Row[] = [];
    const missed = await each("select.exporting", async (id) => {
      found.push(rows.find((row) => row.id === id) ?? (await record(kind, id)));
    });
    if (missed.size > 0) return;
    try {
      const { saveRows } = await import("../jobs/useFileOfRows");
      await saveRows(kind, "csv", found);
      setTold(t("select.exported", { count: found.length }));
    } catch (error) {
      setFailure(reason(error));
    }
  };
  return { progress: work?.progress, doing: work?.doing, failure, told, delete: remove, notify, export: save };
}

/** Whether the next row may fare better. */
function isOfOneRow(error: unknown): boolean {
  return error instanceof Problem && [404, 409, 422].includes(error.status);
}

async function notified(kind: KindName, id: string): Promise<unknown> {
  const path = { kind: kind as "winners", id };
  return answer(
    api.PATCH("/v1/records/{kind}/{id}", { params: { path }, body: { state: "notified", respond_by: null } }),
  );
}

async function record(kind: KindName, id: string): Promise<Row> {
  return (await answer(api.GET("/v1/records/{kind}/{id}", { params: { path: { kind, id } } }))) as unknown as Row;
}
