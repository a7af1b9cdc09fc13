// Starting a job again that failed or was cancelled, or whose file is gone: exports and takings-back. An import wants
// its file, so it leads to the page that takes it.
import { Button } from "@mantine/core";
import { answer, api } from "../api/client";
import { useMe } from "../api/queries";
import type { Job } from "../api/types";
import { reason } from "../parts/ErrorState";
import { useDeed } from "../parts/useDeed";
import { t } from "../words";
import { useStarted } from "./following";
import { isOpen } from "./pace";
import { filtersOf } from "./titles";

export function Again({ job }: { job: Job }) {
  const me = useMe();
  const started = useStarted();
  const again = useDeed(() => repeat(job), started);
  const needed = { export: "export", take_back: "import" } as const;
  const verb = needed[job.type as keyof typeof needed];
  const wanted = job.type === "export" ? !job.file_until : job.state === "failed";
  if (!verb || !me.may(verb) || isOpen(job) || !wanted) return null;
  return (
    <>
      <Button size="compact-xs" variant="default" loading={again.isPending} onClick={() => again.run()}>
        {t("job.again")}
      </Button>
      {again.error && (
        <span className="failure" role="alert">
          {reason(again.error)}
        </span>
      )}
    </>
  );
}

/** The id of the new job. */
async function repeat(job: Job): Promise<string> {
  if (job.type === "take_back" && job.import)
    return (await answer(api.DELETE("/v1/imports/{id}", { params: { path: { id: job.import } } }))).job;
  const { active_days: days, ...others } = filtersOf(job);
  const asked = { kind: job.kind, format: job.format, ...(job.kind === "variables" && { layout: job.layout }) };
  const body = { ...asked, ...others, ...(days && { active_days: Number(days) }) };
  return (await answer(api.POST("/v1/exports", { body: body as never }))).id;
}
