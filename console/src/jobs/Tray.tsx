// The tray of my jobs, at the lower right of every page: what runs, and what ended a moment ago until it is put away.
// What runs is told by the service, also after a reload; what ended is remembered by the tab.
import { ActionIcon, CloseButton, UnstyledButton } from "@mantine/core";
import { useMediaQuery, useSessionStorage } from "@mantine/hooks";
import { useEffect } from "react";
import { useLocation } from "react-router";
import { useMe } from "../api/queries";
import type { Job } from "../api/types";
import { Down, Up } from "../parts/icons";
import { t } from "../words";
import { useAway, useWatched } from "./away";
import { useJob, useNewestJobs } from "./following";
import { JobDeeds, JobPlace, JobState, JobTitle } from "./JobLine";
import "./jobs.css";
import { isOpen } from "./pace";

const MOST = 4;

export default function Tray() {
  const me = useMe();
  const jobs = useNewestJobs().data ?? [];
  const { away, putAway } = useAway();
  const { pathname } = useLocation();
  const [watched, watch] = useWatched();
  const narrow = useMediaQuery("(max-width: 52em)", undefined, { getInitialValueInEffect: false });
  const [small, setSmall] = useSessionStorage({ key: "afterchat.jobs.small", defaultValue: narrow ?? false });
  const shown = jobs.filter(
    (job) => job.by === me.subject && (isOpen(job) || watched.includes(job.id)) && !away.includes(job.id),
  );
  const running = shown
    .filter(isOpen)
    .map((job) => job.id)
    .join(" ");
  useEffect(() => {
    for (const id of running.split(" ")) if (id) watch(id);
  }, [running, watch]);
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

function headline(jobs: Job[]): string {
  const running = jobs.filter(isOpen).length;
  if (running) return t("tray.running", { count: running });
  const failed = jobs.filter((job) => job.state === "failed").length;
  return failed ? t("tray.failed", { count: failed }) : t("tray.done", { count: jobs.length });
}
