// A draw that was begun: how far it is, then whom it drew, what it waits for, or why it failed.
import { Alert, Button, Group, Progress } from "@mantine/core";
import { Link } from "react-router";
import type { Job } from "../api/types";
import { number } from "../format/numbers";
import { useJob } from "../jobs/following";
import { isOpen } from "../jobs/pace";
import { ErrorState } from "../parts/ErrorState";
import { t } from "../words";
import { TestResult } from "./TestResult";
import { Winners } from "./Winners";

export interface Result {
  draw: string | null;
  state?: string;
  dry_run?: boolean;
  entrants: number;
  skipped: number;
  drawn: number | { slot: number; prize: string | null; ticket: string }[];
  alternates?: string[];
}

export function Drawing({ job: id, onClose }: { job: string; onClose: () => void }) {
  const job = useJob(id);
  const found = job.data;
  if (job.error && !found) return <ErrorState error={job.error} retry={job.refetch} />;
  if (!found || isOpen(found)) return <Working job={found} />;
  if (found.state !== "done") return <Failed job={found} onClose={onClose} />;
  return <Ended result={found.result as unknown as Result} onClose={onClose} />;
}

function Working({ job }: { job: Job | undefined }) {
  const counted = job?.total ? (job.done / job.total) * 100 : 100;
  return (
    <div className="drawing" role="status">
      <p>{t("draw.working")}</p>
      <Progress value={counted} animated aria-label={t("draw.working")} />
      <p className="dimmed">{job?.done ? t("draw.read", { count: job.done }) : t("draw.settling")}</p>
    </div>
  );
}

function Failed({ job, onClose }: { job: Job; onClose: () => void }) {
  return (
    <>
      <Alert color="red" role="alert" title={t("draw.failed")}>
        {job.error?.detail}
      </Alert>
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose}>
          {t("common.close")}
        </Button>
      </Group>
    </>
  );
}

function Ended({ result, onClose }: { result: Result; onClose: () => void }) {
  if (result.dry_run) return <TestResult result={result} onClose={onClose} />;
  if (!result.draw) return null;
  if (result.state === "waiting") return <Waits draw={result.draw} entrants={result.entrants} onClose={onClose} />;
  return <Winners draw={result.draw} count={Number(result.drawn)} entrants={result.entrants} onClose={onClose} />;
}

function Waits({ draw, entrants, onClose }: { draw: string; entrants: number; onClose: () => void }) {
  return (
    <div className="drawing" role="status">
      <p>
        <strong>{t("draw.waits")}</strong>
      </p>
      <p>{t("draw.waits_hint", { entrants: number(entrants) })}</p>
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose}>
          {t("common.close")}
        </Button>
        <Button component={Link} to={`/draws/${draw}`} onClick={onClose}>
          {t("draw.open_draw")}
        </Button>
      </Group>
    </div>
  );
}
