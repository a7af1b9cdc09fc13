// How far a job is, in words and as a bar; what it failed of.
import { Alert, Progress } from "@mantine/core";
import type { Job } from "../api/types";
import { isOpen, percent } from "../jobs/pace";
import { told } from "../words";

export function JobProgress({ job, label }: { job: Job; label: string }) {
  if (job.state === "failed") return <Alert color="red">{job.error?.detail ?? told("job_state", job.state)}</Alert>;
  if (!isOpen(job)) return null;
  const share = percent(job) ?? (job.state === "running" ? 60 : 15);
  return (
    <div className="job">
      <p role="status">
        {label} <span className="dimmed">{told("job_state", job.state)}</span>
      </p>
      <Progress value={share} striped animated size="sm" aria-label={label} />
    </div>
  );
}
