// The two public files of a draw: from the service, or as somebody keeps them. Asked without a sign-in and of nobody else.
import { useQuery } from "@tanstack/react-query";
import { base } from "../api/client";
import { problemOf, unreachable } from "../api/problem";

export interface Files {
  certificate: string;
  labels: Uint8Array<ArrayBuffer> | null;
}

export function usePublished(id: string) {
  return useQuery<Files>({
    queryKey: ["certificate", id],
    queryFn: async ({ signal }) => {
      const address = `${base}/v1/draws/${encodeURIComponent(id)}`;
      const [certificate, labels] = await Promise.all([
        fetched(`${address}/certificate`, signal),
        fetched(`${address}/labels`, signal),
      ]);
      return { certificate: await certificate.text(), labels: new Uint8Array(await labels.arrayBuffer()) };
    },
    staleTime: 0,
  });
}

async function fetched(address: string, signal: AbortSignal): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(address, { signal, credentials: "omit", cache: "no-store" });
  } catch (error) {
    if (signal.aborted) throw error;
    throw unreachable();
  }
  if (!response.ok) throw await problemOf(response);
  return response;
}

/** Which of the files somebody brought is which: a certificate begins as JSON does, the list is the other. */
export async function read(files: readonly File[], before: Files | null): Promise<Files> {
  let found: Files = before ?? { certificate: "", labels: null };
  for (const file of files) {
    const content = new Uint8Array(await file.arrayBuffer());
    const isJson = new TextDecoder().decode(content.slice(0, 64)).trimStart().startsWith("{");
    found = isJson ? { ...found, certificate: await file.text() } : { ...found, labels: content };
  }
  return found;
}
