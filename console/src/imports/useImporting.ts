// One import from the file to its job: announced, uploaded, then followed by its job, whose id is in the address, so
// that a reload finds it again. The file itself stays in the hand until it is let go.
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useSearchParams } from "react-router";
import { answer, api } from "../api/client";
import { cancel } from "../jobs/deeds";
import { useJob, useStarted } from "../jobs/following";
import { isOpen } from "../jobs/pace";
import { type Form, upload } from "./upload";

export type ImportKind = "coupons" | "codes";

export interface Reading {
  separator?: ";" | "," | "\t" | "|";
  encoding?: "utf-8" | "utf-16" | "cp1252";
}

const AS_FOUND = { separator: null, encoding: null };
const JOB = "import.job";

export function useImporting(kind: ImportKind, experience: string) {
  const [search, setSearch] = useSearchParams();
  const id = search.get(JOB) ?? undefined;
  const [file, setFile] = useState<File>();
  const [sent, setSent] = useState<number>();
  const [error, setError] = useState<unknown>();
  const stopping = useRef<AbortController>(undefined);
  const started = useStarted();
  const cache = useQueryClient();
  const show = (job: string) => setSearch((before) => withJob(before, job), { replace: true });
  useLeaveNotice(sent !== undefined);

  const begin = async (chosen: File, isDry: boolean, reading: Reading = {}) => {
    if (stopping.current) return; // one at a time
    const stop = new AbortController();
    stopping.current = stop;
    setFile(chosen);
    setError(undefined);
    setSent(0);
    show("");
    let job = "";
    try {
      const body = { kind, experience, file_name: chosen.name, dry_run: isDry, ...AS_FOUND, ...reading };
      const made = await answer(api.POST("/v1/imports", { body })); // not aborted: its job has to be known to be cancelled
      job = made.job;
      stop.signal.throwIfAborted();
      await upload(made.upload as Form, chosen, { onProgress: setSent, signal: stop.signal });
      show(job);
      void started(job);
    } catch (problem) {
      if (job) await cancel(job).catch(() => undefined); // nobody waits for that file any more
      void cache.invalidateQueries({ queryKey: ["imports"] });
      if (!stop.signal.aborted) setError(problem);
    }
    if (stopping.current !== stop) return; // closed meanwhile
    stopping.current = undefined;
    setSent(undefined);
  };
  const close = () => {
    stopping.current?.abort();
    stopping.current = undefined;
    setSent(undefined);
    setFile(undefined);
    setError(undefined);
    show("");
  };
  return { id, file, sent, error, begin, close, isOpen: Boolean(id || file) };
}

export type Importing = ReturnType<typeof useImporting>;

/** The job of an import; cancelled when asked, whatever it had reached. */
export function useImportJob(id: string) {
  const found = useJob(id);
  const cache = useQueryClient();
  const stop = async () => {
    if (found.data && isOpen(found.data)) await cancel(id);
    await cache.invalidateQueries({ queryKey: ["imports"] });
    await found.refetch();
  };
  return { ...found, stop };
}

function withJob(search: URLSearchParams, job: string): URLSearchParams {
  const next = new URLSearchParams(search);
  if (job) next.set(JOB, job);
  else next.delete(JOB);
  return next;
}

/** Whoever leaves while a file is on its way is asked. */
function useLeaveNotice(busy: boolean): void {
  useEffect(() => {
    if (!busy) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [busy]);
}
