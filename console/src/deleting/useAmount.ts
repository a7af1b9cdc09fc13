// How many a delete-all concerns, as far as it is known without counting everything: exactly up to a page, beyond it by
// the tallies, which may lag by seconds.
import { useQuery } from "@tanstack/react-query";
import { answer, api } from "../api/client";
import type { KindName } from "../api/types";
import { readRecords } from "../lists/useRecords";
import { t } from "../words";

const LOOKED = "100"; // rows

export function useAmount(kind: KindName, experience: string | undefined): string {
  const query = {
    limit: LOOKED,
    ...(experience && { experience }),
    ...(kind === "customers" && { active_days: "180" }),
  };
  const { data } = useQuery({
    queryKey: ["amount", kind, experience],
    queryFn: ({ signal }) => readRecords(kind, query, signal),
    staleTime: 0,
  });
  const kept = useTallied(kind, experience, Boolean(data?.next));
  if (!data) return "\u00a0";
  const count = data.items.length;
  if (!data.next) return t("delete_all.amount", { count });
  return kept && kept > count ? t("delete_all.about", { count: kept }) : t("delete_all.at_least", { count });
}

function useTallied(kind: KindName, experience: string | undefined, enabled: boolean): number | undefined {
  const { data } = useQuery({
    queryKey: ["overview", "kept", experience],
    queryFn: ({ signal }) =>
      answer(api.GET("/v1/overview", { params: { query: { ...(experience && { experience }) } }, signal })),
    enabled,
  });
  return (data?.kept as Partial<Record<KindName, number>> | undefined)?.[kind];
}
