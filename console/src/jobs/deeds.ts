// What can be done with a job, and by whom.
import { answer, api } from "../api/client";
import { useMe } from "../api/queries";
import type { Job, Verb } from "../api/types";
import { saveFrom } from "../parts/saving";
import { isOpen } from "./pace";

const VERBS: Record<string, Verb> = { export: "export", import: "import", package: "package" };

export function useMayTouch(): (job: Job) => { cancel: boolean; download: boolean } {
  const me = useMe();
  return (job) => {
    const verb = VERBS[job.type];
    const may = verb !== undefined && me.may(verb);
    const reads = job.type !== "import" || job.by === me.subject || me.may("reveal");
    return { cancel: may && isOpen(job), download: may && reads && Boolean(job.file_until) };
  };
}

export async function cancel(id: string): Promise<void> {
  await answer(api.DELETE("/v1/jobs/{id}", { params: { path: { id } } }));
}

export async function fileOf(id: string): Promise<string> {
  return (await answer(api.GET("/v1/jobs/{id}/file", { params: { path: { id } } }))).url;
}

/** The address is made on click and lives for five minutes. */
export async function download(id: string): Promise<void> {
  saveFrom(await fileOf(id));
}
