// All that is kept of one customer, in one answer; what a kind has beyond its first 50 rows comes when it is asked for.
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { answer, api } from "../../api/client";
import type { KindName, Row, RowOf } from "../../api/types";
import { type RecordsPage, unique } from "../../lists/pages";
import { readRecords } from "../../lists/useRecords";

type Person = RowOf<"customers"> & Row;
export type Whole = { customer: Person; packages: Record<string, string> } & Record<
  Exclude<KindName, "customers">,
  RecordsPage
>;

export const keyOfCustomer = (id: string) => ["customer", id] as const;

export function useCustomer(id: string, enabled = true) {
  return useQuery<Whole>({
    queryKey: keyOfCustomer(id),
    enabled,
    queryFn: async ({ signal }) =>
      (await answer(api.GET("/v1/customers/{id}", { params: { path: { id } }, signal }))) as unknown as Whole,
  });
}

/** The rows of one kind, and how to get the next ones. */
export function useRows(whole: Whole, kind: Exclude<KindName, "customers">) {
  const first = whole[kind];
  const id = whole.customer.id;
  const further = useInfiniteQuery({
    queryKey: [...keyOfCustomer(id), kind, first.next],
    queryFn: ({ pageParam, signal }) => readRecords(kind, { customer_id: id, cursor: pageParam }, signal),
    initialPageParam: first.next ?? "",
    getNextPageParam: (last) => last.next ?? undefined,
    enabled: false,
  });
  const pages = further.data?.pages ?? [];
  return {
    rows: unique([first, ...pages]),
    more: pages.length > 0 ? further.hasNextPage : first.next !== null,
    load: () => (pages.length > 0 ? further.fetchNextPage() : further.refetch()),
    loading: further.isFetching,
    error: further.error,
  };
}
