// How many a delete-all concerns, as far as it is known without counting everything.
import { useQuery } from "@tanstack/react-query";
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
  if (!data) return "\u00a0";
  const count = data.items.length;
  return data.next ? t("delete_all.at_least", { count }) : t("delete_all.amount", { count });
}
