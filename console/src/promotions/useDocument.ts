// The document of an experience with its commitments and what is left of its prizes.
import { useQuery } from "@tanstack/react-query";
import { answer, api } from "../api/client";
import type { Document } from "./document";

export function useDocument(experience: string | undefined) {
  return useQuery<Document>({
    queryKey: ["document", experience],
    queryFn: async ({ signal }) => {
      const params = { path: { id: experience ?? "" } };
      return (await answer(api.GET("/v1/experiences/{id}", { params, signal }))) as unknown as Document;
    },
    enabled: experience !== undefined,
  });
}
