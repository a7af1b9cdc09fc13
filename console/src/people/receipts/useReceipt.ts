// One receipt, for those who may read it.
import { useQuery } from "@tanstack/react-query";
import { answer, api } from "../../api/client";
import { useMe } from "../../api/queries";

export function useReceipt(id: string) {
  return useQuery({
    queryKey: ["receipt", id],
    enabled: useMe().may("receipts"),
    queryFn: ({ signal }) => answer(api.GET("/v1/receipts/{id}", { params: { path: { id } }, signal })),
  });
}
