// One job, asked again until it has ended.
import { useQuery } from "@tanstack/react-query";
import { answer, api } from "../api/client";
import type { Job } from "../api/types";
import { isOpen } from "./jobStates";

const EVERY = 1500; // milliseconds

export function useJob(id: string | undefined) {
  return useQuery<Job>({
    queryKey: ["job", id],
    enabled: id !== undefined,
    queryFn: ({ signal }) => answer(api.GET("/v1/jobs/{id}", { params: { path: { id: id ?? "" } }, signal })),
    refetchInterval: ({ state }) => (state.data && !isOpen(state.data) ? false : EVERY),
  });
}
