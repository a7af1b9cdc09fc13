// What an export will hold, in words; the form of its file; then how far it is, and the file.
import { Button, Group, Progress, Text } from "@mantine/core";
import { useState } from "react";
import { answer, api } from "../api/client";
import { useExperienceTitle } from "../api/queries";
import type { Job, KindName } from "../api/types";
import type { Filters } from "../lists/filters";
import { reason } from "../parts/ErrorState";
import { useDeed } from "../parts/useDeed";
import { currentLanguage, t, told } from "../words";
import { useAway } from "./away";
import { contents, exported, isByHand } from "./contents";
import { download } from "./deeds";
import { type Choice, ExportChoices } from "./ExportChoices";
import { useJob, useStarted } from "./following";
import { JobState } from "./JobLine";
import { isOpen } from "./pace";
import { useFileOfRows } from "./useFileOfRows";

interface Props {
  kind: KindName;
  filters: Filters;
  onClose: () => void;
}

export default function ExportForm({ kind, filters, onClose }: Props) {
  const byHand = isByHand(filters);
  const [choice, setChoice] = useState<Choice>({ kind, format: byHand ? "csv" : "xlsx", layout: "values" });
  const of = exported(choice.kind, choice.kind === kind ? filters : { active_days: "180" });
  const said = contents(choice.kind, of, useExperienceTitle());
  const started = useStarted();
  const start = useDeed(() => startExport(choice, of), started);
  const file = useFileOfRows(choice, of);
  return (
    <div className="export">
      <Text fw={600} size="sm">
        {t("export.title")}
      </Text>
      <p className="export-said">
        <bdi>{said}</bdi>, {told("format", choice.format)}
      </p>
      {start.data ? (
        <Started job={start.data} onAgain={start.reset} />
      ) : (
        <>
          <ExportChoices listed={kind} choice={choice} onChoice={setChoice} byHand={byHand} />
          {byHand && <Text size="xs">{t("export.by_hand")}</Text>}
          {file.progress !== undefined && <Progress value={file.progress} aria-label={t("export.reading")} />}
          <Failure error={start.error ?? file.error} />
          {file.count !== undefined && (
            <Text size="sm" role="status">
              {t("result.rows", { count: file.count })}
            </Text>
          )}
          <Group justify="flex-end" gap="xs" mt="sm">
            <Button size="xs" variant="default" onClick={onClose}>
              {t("common.close")}
            </Button>
            <Button
              size="xs"
              data-autofocus
              loading={start.isPending || file.progress !== undefined}
              onClick={() => (byHand ? file.make() : start.run())}
            >
              {t("export.start")}
            </Button>
          </Group>
        </>
      )}
    </div>
  );
}

function Started({ job: known, onAgain }: { job: Job; onAgain: () => void }) {
  const job = useJob(known.id, known).data ?? known;
  const { putAway } = useAway();
  const getting = useDeed(
    () => download(job.id),
    () => putAway(job.id),
  );
  return (
    <>
      <div role="status">
        <JobState job={job} />
      </div>
      {isOpen(job) && <Text size="xs">{t("export.tray")}</Text>}
      <Failure error={getting.error} />
      <Group justify="flex-end" gap="xs" mt="sm">
        {!isOpen(job) && (
          <Button size="xs" variant="default" onClick={onAgain}>
            {t("export.another")}
          </Button>
        )}
        {job.state === "done" && (
          <Button size="xs" autoFocus loading={getting.isPending} onClick={() => getting.run()}>
            {t("job.download")}
          </Button>
        )}
      </Group>
    </>
  );
}

function Failure({ error }: { error: unknown }) {
  if (!error) return null;
  return (
    <Text size="sm" className="failure" role="alert">
      {reason(error)}
    </Text>
  );
}

/** German Excel opens CSV with semicolons. */
function startExport({ kind, format, layout }: Choice, filters: Filters): Promise<Job> {
  const { active_days: days, ...others } = filters;
  const body = {
    ...others,
    kind,
    format,
    ...(days && { active_days: Number(days) }),
    ...(format === "csv" && currentLanguage() === "de" && { separator: ";" as const }),
    ...(kind === "variables" && { layout }),
  };
  return answer(api.POST("/v1/exports", { body: body as never }));
}
