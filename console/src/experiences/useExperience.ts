// One experience: as it is stored, with the ETag that the next save must name.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { answerWithHeaders, api } from "../api/client";
import type { Document } from "./document";

export interface Warned {
  code: string;
  pointer: string;
  detail: string;
}

export interface Stock {
  coupons: { free: number; low_at: number };
  rewards: Record<string, number>;
  instant_wins: Record<string, Record<string, number>>;
}

export interface Saved {
  id: string;
  etag: string;
  document: Document;
  closed: boolean;
  warnings: Warned[];
  commitments: Record<string, { sha256: string; committed_at: string }>;
  stock: Stock;
}

const MEMBERS = ["title", "archived", "giveaways", "instant_wins", "coupons", "codes", "rewards", "files"];

export function useSaved(id: string) {
  return useQuery<Saved>({ queryKey: ["experience", id], queryFn: ({ signal }) => readExperience(id, signal) });
}

export async function readExperience(id: string, signal?: AbortSignal): Promise<Saved> {
  const call = api.GET("/v1/experiences/{id}", { params: { path: { id } }, ...(signal && { signal }) });
  return saved(await answerWithHeaders(call));
}

/** Creates without an ETag, changes with the one that was read. Raises Problem. */
export function useSave(id: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ document, etag }: { document: Document; etag: string | undefined }) =>
      putExperience(id, document, etag),
    onSuccess: (now) => {
      cache.setQueryData(["experience", id], now);
      return cache.invalidateQueries({ queryKey: ["experiences"] });
    },
  });
}

export async function putExperience(id: string, document: Document, etag?: string): Promise<Saved> {
  const header = etag ? { "If-Match": etag } : {};
  const call = api.PUT("/v1/experiences/{id}", { params: { path: { id }, header }, body: document as never });
  return saved(await answerWithHeaders(call));
}

export function useClose(id: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (etag: string) =>
      api.DELETE("/v1/experiences/{id}", { params: { path: { id }, header: { "If-Match": etag } } }),
    onSuccess: () =>
      Promise.all([
        cache.invalidateQueries({ queryKey: ["experience", id] }),
        cache.invalidateQueries({ queryKey: ["experiences"] }),
      ]),
  });
}

function saved({ data, headers }: { data: unknown; headers: Headers }): Saved {
  const body = data as Document & Omit<Saved, "etag" | "document">;
  const document = Object.fromEntries(MEMBERS.filter((name) => name in body).map((name) => [name, body[name]]));
  return {
    id: body.id,
    etag: headers.get("ETag") ?? "",
    document: document as Document,
    closed: body.closed,
    warnings: body.warnings,
    commitments: body.commitments,
    stock: body.stock,
  };
}
