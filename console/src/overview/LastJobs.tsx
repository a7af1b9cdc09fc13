// The jobs that run, and the last ones that ended.
import { Anchor, Progress, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { answer, api } from "../api/client";
import type { Job } from "../api/types";
import { JobTitle } from "../jobs/JobLine";
import { isOpen, percent } from "../jobs/pace";
import { Tag, type Tone } from "../lists/values";
import { ErrorState } from "../parts/ErrorState";
import { Time } from "../parts/Time";
import { t, told } from "../words";

const SHOWN = 5;
const TONES: Record<string, Tone> = { done: "good", failed: "bad", running: "told", queued: "told", waiting: "wait" };

export function LastJobs() {
  const found = useQuery<Job[]>({
    queryKey: ["jobs", "overview"],
    queryFn: async ({ signal }) => (await answer(api.GET("/v1/jobs", { signal }))).items,
    refetchInterval: ({ state }) => (state.data?.some(isOpen) ? 3000 : 30_000),
    staleTime: 3000,
  });
  const jobs = [...(found.data ?? [])].sort((a, b) => Number(isOpen(b)) - Number(isOpen(a))).slice(0, SHOWN);
  return (
    <section aria-labelledby="last-jobs">
      <div className="section-head">
        <Title order={2} size="h5" id="last-jobs">
          {t("overview.jobs")}
        </Title>
        {jobs.length > 0 && (
          <Anchor component={Link} to="/jobs" size="sm">
            {t("overview.all_jobs")}
          </Anchor>
        )}
      </div>
      {found.error && !found.data ? <ErrorState error={found.error} retry={found.refetch} /> : null}
      {found.data && jobs.length === 0 && <p className="dimmed">{t("overview.no_jobs")}</p>}
      <ul className="last-jobs">
        {jobs.map((job) => (
          <Line key={job.id} job={job} />
        ))}
      </ul>
    </section>
  );
}

function Line({ job }: { job: Job }) {
  const at = isOpen(job) ? percent(job) : undefined;
  return (
    <li className="last-job">
      <span className="last-job-name">
        <JobTitle job={job} />
      </span>
      {at !== undefined && <Progress w={90} value={at} aria-label={told("job_state", job.state)} />}
      <Tag tone={TONES[job.state] ?? "calm"}>{told("job_state", job.state)}</Tag>
      <span className="dimmed">
        <Time at={job.created_at} />
      </span>
    </li>
  );
}
