// The privacy notice in one language, as it would be published now.
import { useQuery } from "@tanstack/react-query";
import { answer, api } from "../../api/client";
import type { Language } from "../../words";
import type { PrivacyNotice } from "./notice";

export function useNotice(locale: Language) {
  return useQuery({
    queryKey: ["kinds", locale],
    queryFn: async ({ signal }) =>
      (await answer(api.GET("/v1/kinds", { params: { query: { locale } }, signal }))) as unknown as {
        notice: PrivacyNotice;
      },
  });
}

/** What each kind is for, in the words that hold now. */
export function usePurposes(locale: Language): Map<string, string> {
  const kinds = useNotice(locale).data?.notice.kinds ?? [];
  return new Map(kinds.map((kind) => [kind.name, kind.purpose]));
}
