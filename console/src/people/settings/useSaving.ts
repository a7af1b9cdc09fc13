// Saving the settings under the ETag that they were read with.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { answerWithHeaders, api } from "../../api/client";
import { Problem } from "../../api/problem";
import { type Read, readSettings } from "../Settings";
import { body, type Draft, drafted, type Settings } from "./draft";

export function useSaving(read: Read, onTaken: (draft: Draft) => void) {
  const cache = useQueryClient();
  const [latest, setLatest] = useState(read);
  const saving = useMutation({
    mutationFn: async ({ draft, tag }: { draft: Draft; tag: string }): Promise<Read> => {
      const call = { params: { header: { "If-Match": tag } }, body: body(draft) as never };
      const { data, headers } = await answerWithHeaders(api.PUT("/v1/settings", call));
      return { saved: data as Settings, tag: headers.get("etag") ?? "" };
    },
    onSuccess: (now) => {
      setLatest(now);
      void cache.invalidateQueries({ queryKey: ["kinds"] });
      void cache.invalidateQueries({ queryKey: ["me"] });
    },
  });
  const rereading = useMutation({ mutationFn: () => readSettings() });
  return {
    latest,
    pending: saving.isPending || rereading.isPending,
    saved: saving.isSuccess,
    error: saving.error ?? rereading.error,
    conflict: saving.error instanceof Problem && saving.error.status === 412,
    forget: saving.reset,
    save: (draft: Draft) => saving.mutate({ draft, tag: latest.tag }),
    saveAnyway: async (draft: Draft) => {
      const { tag } = await rereading.mutateAsync();
      saving.mutate({ draft, tag });
    },
    takeTheirs: async () => {
      const theirs = await rereading.mutateAsync();
      setLatest(theirs);
      saving.reset();
      onTaken(drafted(theirs.saved));
    },
  };
}
