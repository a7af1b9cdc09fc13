// One job in a line: what it does, how far it is, what came of it, what can be done with it.
import { Anchor, Button, Progress } from "@mantine/core";
import { Link } from "react-router";
import { useExperienceTitle } from "../api/queries";
import type { Job } from "../api/types";
import { reason } from "../parts/ErrorState";
import { Download } from "../parts/icons";
import { useDeed } from "../parts/useDeed";
import { t, told } from "../words";
import { cancel, download, useMayTouch } from "./deeds";
import { useChanged } from "./following";
import { isOpen, percent } from "./pace";
import { progressOf, resultOf, titleOf } from "./titles";

export function JobTitle({ job }: { job: Job }) {
  const title = useExperienceTitle();
  return <bdi className="job-title">{titleOf(job, title)}</bdi>;
}

/** A bar while it is under way, then what came of it. */
export function JobState({ job }: { job: Job }) {
  if (!isOpen(job)) return <Ended job={job} />;
  const at = percent(job);
  return (
    <span className="job-progress">
      <Progress
        value={at ?? 100}
        animated={at === undefined}
        striped={at === undefined}
        size="sm"
        aria-label={told("job_state", job.state)}
      />
      <span className="dimmed">
        {progressOf(job)}
        {at !== undefined && ` · ${at} %`}
      </span>
    </span>
  );
}

function Ended({ job }: { job: Job }) {
  if (job.state === "failed")
    return <span className="failure">{job.error?.detail ?? told("job_state", "failed")}</span>;
  return <span className="dimmed">{resultOf(job) || told("job_state", job.state)}</span>;
}

/** Cancelling and downloading, for whoever may. What goes wrong stays beside it. */
export function JobDeeds({ job }: { job: Job }) {
  const { cancel: mayCancel, download: mayDownload } = useMayTouch()(job);
  const tell = useChanged();
  const getting = useDeed(() => download(job.id));
  const ending = useDeed(
    () => cancel(job.id),
    () => tell(job.id),
  );
  const failure = getting.error ?? ending.error;
  return (
    <>
      {mayDownload && (
        <Button
          size="compact-xs"
          variant={job.type === "import" ? "default" : "filled"}
          leftSection={<Download size={14} />}
          loading={getting.isPending}
          onClick={() => getting.run()}
        >
          {t(job.type === "import" ? "job.report" : "job.download")}
        </Button>
      )}
      {mayCancel && (
        <Button size="compact-xs" variant="default" loading={ending.isPending} onClick={() => ending.run()}>
          {t("job.cancel")}
        </Button>
      )}
      {failure && (
        <span className="failure" role="alert">
          {reason(failure)}
        </span>
      )}
    </>
  );
}

/** Where the work of this job is done. */
export function JobPlace({ job }: { job: Job }) {
  if (job.type !== "import" || !job.experience) return null;
  const to = `/codes/manage-${job.kind}?experience=${job.experience}&import.job=${job.id}`;
  return (
    <Anchor component={Link} to={to} size="xs">
      {t("job.open")}
    </Anchor>
  );
}
