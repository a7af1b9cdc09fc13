// The imports of an experience, newest first.
import { type InfiniteData, useInfiniteQuery } from "@tanstack/react-query";
import { answer, api } from "../api/client";
import type { ImportKind } from "./useImporting";

export function useImports(kind: ImportKind, experience: string) {
  return useInfiniteQuery({
    queryKey: ["imports", kind, experience],
    queryFn: ({ pageParam, signal }) => {
      const query = { kind, experience, ...(pageParam && { cursor: pageParam }) };
      return answer(api.GET("/v1/imports", { params: { query }, signal }));
    },
    initialPageParam: "",
    getNextPageParam: (last) => last.next ?? undefined,
    select: (data: InfiniteData<Page>) => data.pages.flatMap((page) => page.items),
  });
}

type Page = { items: Import[]; next: string | null };
export interface Import {
  id: string;
  file_name: string;
  by: string;
  created_at: string;
  dry_run: boolean;
  state: string;
  result: Record<string, never> | null;
  removed: number | null;
  given: number | null;
}
