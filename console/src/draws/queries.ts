// What the pages of draws ask for: one draw, the draws of an experience.
import { type QueryClient, useQuery, useQueryClient } from "@tanstack/react-query";
import { answer, api } from "../api/client";
import type { paths } from "../api/schema";

export type Draw = paths["/v1/draws/{id}"]["get"]["responses"][200]["content"]["application/json"];

const OFTEN = 700; // milliseconds between two looks at something that runs
const NOW_AND_THEN = 3000;

function isMoving({ state }: Draw): boolean {
  return state === "reading" || state === "drawing";
}

export function useDraw(id: string) {
  return useQuery<Draw>({
    queryKey: ["draw", id],
    queryFn: ({ signal }) => answer(api.GET("/v1/draws/{id}", { params: { path: { id } }, signal })),
    refetchInterval: ({ state }) => (state.data && isMoving(state.data) ? OFTEN : false),
  });
}

/** The newest draws of an experience. */
export function useDraws(experience: string) {
  return useQuery<Draw[]>({
    queryKey: ["draws", experience],
    queryFn: async ({ signal }) => {
      const params = { path: { id: experience } };
      return (await answer(api.GET("/v1/experiences/{id}/draws", { params, signal }))).items;
    },
    refetchInterval: ({ state }) => (state.data?.some(isMoving) ? NOW_AND_THEN : false),
  });
}

/** Whatever shows draws, winners or entries is read anew. */
export function useDrawAnew(): () => Promise<unknown> {
  const cache = useQueryClient();
  return () => drawAnew(cache);
}

function drawAnew(cache: QueryClient): Promise<unknown> {
  const changed = [["draws"], ["draw"], ["records", "winners"], ["record", "winners"], ["records", "participations"]];
  return Promise.all(changed.map((queryKey) => cache.invalidateQueries({ queryKey })));
}
