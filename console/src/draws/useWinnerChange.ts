// Noting what became of a winner: shown at once, taken back if the service refuses.
import { type InfiniteData, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api } from "../api/client";
import type { KindName, Row } from "../api/types";
import type { RecordsPage } from "../lists/pages";
import type { Change } from "./states";

export interface WinnerChange {
  state?: Change;
  respond_by?: string;
}

export type WinnersKind = "winners" | "instant_win_winners";

export async function changeWinner(kind: WinnersKind, id: string, change: WinnerChange): Promise<Row> {
  const body = { state: null, respond_by: null, ...change };
  return (await answer(
    api.PATCH("/v1/records/{kind}/{id}", { params: { path: { kind, id } }, body }),
  )) as unknown as Row;
}

export function useWinnerChange(kind: WinnersKind, row: Row) {
  const put = usePutRow(kind);
  return useMutation({
    mutationFn: (change: WinnerChange) => changeWinner(kind, row.id, change),
    onMutate: (change) => {
      put({ ...row, ...change });
      return row;
    },
    onSuccess: put,
    onError: (_, __, before) => before && put(before),
  });
}

/** Puts a row as it is now wherever it was read. */
export function usePutRow(kind: KindName): (row: Row) => void {
  const cache = useQueryClient();
  return (row) => {
    const within = (page: RecordsPage) => ({
      ...page,
      items: page.items.map((one) => (one.id === row.id ? row : one)),
    });
    cache.setQueryData<Row>(["record", kind, row.id], (known) => known && row);
    cache.setQueriesData<InfiniteData<RecordsPage>>(
      { queryKey: ["records", kind] },
      (data) => data && { ...data, pages: data.pages.map(within) },
    );
  };
}
