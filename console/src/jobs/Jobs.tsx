// All jobs of the last 30 days: what each does, how far it is, what came of it; cancel, fetch, start again.
import { SegmentedControl, Table } from "@mantine/core";
import { useSearchParams } from "react-router";
import { useMe } from "../api/queries";
import type { Job } from "../api/types";
import { Page } from "../frame/Page";
import { ErrorState } from "../parts/ErrorState";
import { Loading } from "../parts/Loading";
import { LoadMore } from "../parts/LoadMore";
import { Time } from "../parts/Time";
import { t } from "../words";
import { Again } from "./Again";
import { useAllJobs, useJob } from "./following";
import { JobDeeds, JobPlace, JobState, JobTitle } from "./JobLine";
import "./jobs.css";

export default function Jobs() {
  return (
    <Page title={t("nav.jobs")} promise={t("jobs.promise")}>
      <Listed />
    </Page>
  );
}

function Listed() {
  const me = useMe();
  const found = useAllJobs();
  const [search, setSearch] = useSearchParams();
  const whose = search.get("of") === "me" ? "me" : "all";
  if (found.isPending) return <Loading />;
  if (found.isError && !found.data) return <ErrorState error={found.error} retry={found.refetch} />;
  const jobs = found.data.pages.flatMap((page) => page.items);
  const shown = whose === "me" ? jobs.filter((job) => job.by === me.subject) : jobs;
  return (
    <>
      <SegmentedControl
        size="xs"
        aria-label={t("jobs.whose")}
        value={whose}
        onChange={(value) => setSearch(value === "me" ? { of: "me" } : {}, { replace: true })}
        data={[
          { value: "all", label: t("jobs.all") },
          { value: "me", label: t("jobs.mine") },
        ]}
      />
      {shown.length === 0 ? <p className="empty">{t("jobs.none")}</p> : <Lines jobs={shown} />}
      <LoadMore found={found} />
    </>
  );
}

function Lines({ jobs }: { jobs: Job[] }) {
  return (
    <Table className="jobs few" verticalSpacing="xs">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t("jobs.what")}</Table.Th>
          <Table.Th>{t("jobs.started")}</Table.Th>
          <Table.Th>{t("jobs.state")}</Table.Th>
          <Table.Th>
            <span className="sr-only">{t("jobs.deeds")}</span>
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {jobs.map((job) => (
          <Line key={job.id} known={job} />
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Line({ known }: { known: Job }) {
  const job = useJob(known.id, known).data ?? known;
  return (
    <Table.Tr data-job={job.id}>
      <Table.Td>
        <JobTitle job={job} />
      </Table.Td>
      <Table.Td className="jobs-when">
        <Time at={job.created_at} /> <bdi className="dimmed">{job.by}</bdi>
      </Table.Td>
      <Table.Td className="jobs-state">
        <JobState job={job} />
      </Table.Td>
      <Table.Td>
        <div className="tray-deeds">
          <JobDeeds job={job} />
          <JobPlace job={job} />
          <Again job={job} />
        </div>
      </Table.Td>
    </Table.Tr>
  );
}
