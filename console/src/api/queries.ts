// What many pages ask for: who am I, which kinds are there, which experiences. Asked once, shared by all.
import { QueryClient, useQuery } from "@tanstack/react-query";
import { currentLanguage } from "../words";
import { answer, api } from "./client";
import { Problem } from "./problem";
import type { Config, Experience, KindFacts, KindName, Me, Verb } from "./types";

const MINUTE = 60_000;
const ATTEMPTS = 3;

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: MINUTE,
      gcTime: 30 * MINUTE,
      refetchOnWindowFocus: false,
      retry: (failures, error) => error instanceof Problem && error.passing && failures < ATTEMPTS - 1,
      retryDelay: (attempt) => 300 * 2 ** attempt * (0.5 + Math.random()),
      networkMode: "always",
    },
    mutations: { networkMode: "always", retry: false },
  },
});

/** Before signing in: the issuer, and whether this is a local run. */
export function useConfig() {
  return useQuery<Config>({
    queryKey: ["config"],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) => answer(api.GET("/v1/config", { signal })),
  });
}

export const ME = {
  queryKey: ["me"],
  staleTime: Number.POSITIVE_INFINITY,
  queryFn: ({ signal }: { signal: AbortSignal }): Promise<Me> => answer(api.GET("/v1/me", { signal })),
};

/** Whoever is signed in. The frame shows pages only when this is known, so it is never missing within them. */
export function useMe(): Me & { may: (verb: Verb) => boolean } {
  const { data } = useQuery(ME);
  if (!data) throw new Error("useMe belongs within the frame");
  return { ...data, may: (verb) => data.can.includes(verb) };
}

interface Kinds {
  items: KindFacts[];
  notice: Record<string, unknown>;
}

const kinds = (language = currentLanguage()) => ({
  queryKey: ["kinds", language],
  staleTime: Number.POSITIVE_INFINITY,
  queryFn: async ({ signal }: { signal: AbortSignal }) =>
    (await answer(api.GET("/v1/kinds", { params: { query: { locale: language } }, signal }))) as unknown as Kinds,
});

export function useKinds() {
  return useQuery(kinds());
}

/** The names of a kind's columns in their order, asked for if they are not known yet. */
export async function columnsOf(kind: KindName): Promise<string[]> {
  const { items } = await queries.ensureQueryData(kinds());
  return items.find(({ name }) => name === kind)?.columns.map(({ name }) => name) ?? [];
}

export function useKind(name: KindName): KindFacts | undefined {
  return useKinds().data?.items.find((kind) => kind.name === name);
}

export function useExperiences() {
  return useQuery<Experience[]>({
    queryKey: ["experiences"],
    queryFn: async ({ signal }) => (await answer(api.GET("/v1/experiences", { signal }))).items,
  });
}

/** The title of an experience by its id; the id itself until it is known. */
export function useExperienceTitle(): (id: string | null | undefined) => string {
  const titles = new Map(useExperiences().data?.map((one) => [one.id, one.title]));
  return (id) => (id ? (titles.get(id) ?? id) : "");
}
