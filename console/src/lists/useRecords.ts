// The rows of a list: page after page, none twice, old ones shown while new ones come.
import { type InfiniteData, keepPreviousData, useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { answer, api } from "../api/client";
import type { KindName, Row } from "../api/types";
import type { Filters } from "./filters";
import { arrivals, fruitless, type RecordsPage, unique } from "./pages";

type Read = InfiniteData<RecordsPage, string>;

const FIRST = "50";
const FOLLOWING = "100";
const ENOUGH = 30; // rows that fill a screen
const LOOKS = 5; // pages in a row that may bring nothing before the reader is asked
const ARRIVALS_EVERY = 30_000; // milliseconds
const LIVE_EVERY = 2_000;
export const ARRIVALS = 20; // rows looked at

export async function readRecords(kind: KindName, query: Filters, signal?: AbortSignal): Promise<RecordsPage> {
  const call = api.GET("/v1/records/{kind}", { params: { path: { kind }, query }, ...(signal && { signal }) });
  return (await answer(call)) as unknown as RecordsPage;
}

export function keyOf(kind: KindName, query: Filters = {}) {
  return ["records", kind, query] as const;
}

export function useRecords(kind: KindName, query: Filters, enabled = true) {
  const found = useInfiniteQuery({
    queryKey: keyOf(kind, query),
    queryFn: ({ pageParam, signal }) => {
      const place = pageParam ? { cursor: pageParam, limit: FOLLOWING } : { limit: FIRST };
      return readRecords(kind, { ...query, ...place }, signal);
    },
    initialPageParam: "",
    getNextPageParam: (last) => last.next ?? undefined,
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    enabled,
  });
  const pages = found.data?.pages;
  const rows = useMemo(() => unique(pages ?? []), [pages]);
  const looking =
    found.hasNextPage && rows.length < ENOUGH && fruitless(pages ?? []) < LOOKS && !found.isPlaceholderData;
  const { fetchNextPage, isFetching, isError } = found;
  useEffect(() => {
    if (looking && !isFetching && !isError) void fetchNextPage();
  }, [looking, isFetching, isError, fetchNextPage]);
  return { ...found, rows, looking };
}

/** How many rows came since the list was read: they wait behind a button, so nothing moves under the reader. */
export function useArrivals(
  kind: KindName,
  query: Filters,
  known: readonly Row[],
  enabled: boolean,
  live = false,
): number {
  const every = live ? LIVE_EVERY : ARRIVALS_EVERY;
  const { data } = useQuery({
    queryKey: ["arrivals", kind, query],
    queryFn: ({ signal }) => readRecords(kind, { ...query, limit: String(ARRIVALS) }, signal),
    refetchInterval: every,
    enabled,
    staleTime: every,
    initialData: { items: [], next: null },
    initialDataUpdatedAt: () => Date.now(),
    retry: false,
  });
  return arrivals(data.items, known);
}

/** Reads a list from its beginning; what is shown stays until then. */
export function useAnew(kind: KindName, query: Filters) {
  const cache = useQueryClient();
  return async () => {
    const first = ({ pages, pageParams }: Read): Read => ({
      pages: pages.slice(0, 1),
      pageParams: pageParams.slice(0, 1),
    });
    cache.setQueryData<Read>(keyOf(kind, query), (data) => data && first(data));
    await cache.refetchQueries({ queryKey: keyOf(kind, query), exact: true });
    await cache.resetQueries({ queryKey: ["arrivals", kind, query], exact: true });
  };
}

/** Takes rows out of every list that was read, once they were deleted. */
export function useForget() {
  const cache = useQueryClient();
  return (kind: KindName, ids: readonly string[]) => {
    const gone = new Set(ids);
    const without = (page: RecordsPage) => ({ ...page, items: page.items.filter((row) => !gone.has(row.id)) });
    cache.setQueriesData<Read>({ queryKey: ["records", kind] }, (data) =>
      data ? { ...data, pages: data.pages.map(without) } : data,
    );
  };
}
