// The tray of my jobs, at the lower right of every page: what runs, and what ended a moment ago until it is put away.
// After a reload the service tells again what runs.
import { ActionIcon, CloseButton, UnstyledButton } from "@mantine/core";
import { useSessionStorage } from "@mantine/hooks";
import { useLocation } from "react-router";
import { useMe } from "../api/queries";
import type { Job } from "../api/types";
import { Down, Up } from "../parts/icons";
import { t } from "../words";
import { useAway } from "./away";
import { useJob, useNewestJobs } from "./following";
import { JobDeeds, JobPlace, JobState, JobTitle } from "./JobLine";
import "./jobs.css";
import { isOpen } from "./pace";

const RECENT = 1_800_000; // milliseconds that a job which ended is still of interest
const MOST = 4;

export default function Tray() {
  const me = useMe();
  const jobs = useNewestJobs().data ?? [];
  const { away, putAway } = useAway();
  const { pathname } = useLocation();
  const [small, setSmall] = useSessionStorage({ key: "afterchat.jobs.small", defaultValue: false });
  const shown = jobs.filter((job) => job.by === me.subject && isOfInterest(job) && !away.includes(job.id));
  if (shown.length === 0 || pathname === "/jobs") return null;
  return (
    <section className="tray" aria-label={t("tray.title")} data-small={small || undefined}>
      <header className="tray-head">
        <UnstyledButton className="tray-title" aria-expanded={!small} onClick={() => setSmall(!small)}>
          <strong>{headline(shown)}</strong>
          {small ? <Up size={16} /> : <Down size={16} />}
        </UnstyledButton>
        <ActionIcon component="a" href="#/jobs" variant="subtle" color="gray" className="tray-all">
          {t("tray.all")}
        </ActionIcon>
      </header>
      <ul hidden={small}>
        {shown.slice(0, MOST).map((job) => (
          <Item key={job.id} known={job} onAway={() => putAway(job.id)} />
        ))}
      </ul>
    </section>
  );
}

function Item({ known, onAway }: { known: Job; onAway: () => void }) {
  const job = useJob(known.id, known).data ?? known;
  return (
    <li className="tray-job">
      <div className="tray-line">
        <JobTitle job={job} />
        {!isOpen(job) && <CloseButton size="xs" aria-label={t("tray.away")} onClick={onAway} />}
      </div>
      <span role="status">
        <JobState job={job} />
      </span>
      <div className="tray-deeds">
        <JobDeeds job={job} />
        <JobPlace job={job} />
      </div>
    </li>
  );
}

function isOfInterest(job: Job): boolean {
  return isOpen(job) || Date.now() - Date.parse(job.created_at) < RECENT;
}

function headline(jobs: Job[]): string {
  const running = jobs.filter(isOpen).length;
  if (running) return t("tray.running", { count: running });
  const failed = jobs.filter((job) => job.state === "failed").length;
  return failed ? t("tray.failed", { count: failed }) : t("tray.done", { count: jobs.length });
}
