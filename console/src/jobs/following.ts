// Jobs as the service tells of them: the newest ones, and one that is followed until it ends. Asked often while
// something moves, ever less often while nothing does, and not at all once it ended or while nobody looks.
import { type QueryClient, useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { answer, api } from "../api/client";
import type { Job } from "../api/types";
import { currentLanguage } from "../words";
import { useWatched } from "./away";
import { isOpen, pace } from "./pace";

export const JOBS = ["jobs"];

export async function readJob(id: string, signal?: AbortSignal): Promise<Job> {
  return answer(api.GET("/v1/jobs/{id}", { params: { path: { id } }, ...(signal && { signal }) }));
}

/** The newest fifty. */
export function useNewestJobs() {
  return useQuery({
    queryKey: [...JOBS, "newest", currentLanguage()],
    queryFn: async ({ signal }) => (await answer(api.GET("/v1/jobs", { signal }))).items,
  });
}

/** All of them, page after page. */
export function useAllJobs() {
  return useInfiniteQuery({
    queryKey: [...JOBS, "all", currentLanguage()],
    queryFn: ({ pageParam, signal }) =>
      answer(api.GET("/v1/jobs", { params: { query: pageParam ? { cursor: pageParam } : {} }, signal })),
    initialPageParam: "",
    getNextPageParam: (last) => last.next ?? undefined,
    staleTime: 0,
  });
}

/** Where one job is kept here; its words are in the language that was chosen. */
export function keyOf(id: string | undefined) {
  return ["job", id, currentLanguage()];
}

/** Follows one job, if there is one, to its end; `known` is what a list told of it. */
export function useJob(id: string | undefined, known?: Job) {
  const cache = useQueryClient();
  const moved = useRef({ seen: "", at: Date.now() });
  const found = useQuery<Job>({
    queryKey: keyOf(id),
    enabled: id !== undefined,
    queryFn: ({ signal }) => readJob(id ?? "", signal),
    staleTime: known && !isOpen(known) ? Number.POSITIVE_INFINITY : 0,
    ...(known && { initialData: known }),
    refetchInterval: ({ state }) => pace(state.data, Date.now() - moved.current.at),
  });
  const job = found.data;
  const seen = job ? `${job.state} ${job.done}` : "";
  if (seen !== moved.current.seen) moved.current = { seen, at: Date.now() };
  const open = useRef(false);
  useEffect(() => {
    if (job && open.current && !isOpen(job)) void ended(cache, job);
    open.current = job !== undefined && isOpen(job);
  }, [job, cache]);
  return found;
}

/** What a job changed is asked anew by whoever shows it. */
async function ended(cache: QueryClient, job: Job): Promise<void> {
  const changes = job.type === "import" || job.type === "take_back" || job.type === "purge";
  const stale = changes && !job.dry_run ? [["records"], ["experience"], ["imports"], JOBS] : [["imports"], JOBS];
  await Promise.all(stale.map((queryKey) => cache.invalidateQueries({ queryKey })));
}

/** To be called with a job that was started, or its id: the tray shows it. */
export function useStarted() {
  const cache = useQueryClient();
  const [, watch] = useWatched();
  return (job: Job | string) => {
    if (typeof job !== "string") cache.setQueryData(keyOf(job.id), job);
    watch(typeof job === "string" ? job : job.id);
    return cache.invalidateQueries({ queryKey: JOBS });
  };
}

/** To be called when a job was changed here. */
export function useChanged() {
  const cache = useQueryClient();
  return (id: string) =>
    Promise.all([["job", id], JOBS, ["imports"]].map((queryKey) => cache.invalidateQueries({ queryKey })));
}
