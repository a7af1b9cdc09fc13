// Requests of persons that are not settled: packages that nobody fetched yet, erasures that run or failed. Art. 12(3)
// GDPR gives a month. Made of the jobs of the last 30 days.
import { Button, Table } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "../../api/client";
import type { Job } from "../../api/types";
import { isOpen } from "../../jobs/pace";
import { State, Tag } from "../../lists/values";
import { ErrorState } from "../../parts/ErrorState";
import { Loading } from "../../parts/Loading";
import { Gone, Time } from "../../parts/Time";
import { t, told } from "../../words";
import { PackageLink } from "../customer/PackageLink";
import { Section } from "../Section";
import { due, isUnsettled } from "./requests";

export function Requests() {
  const found = useQuery({
    queryKey: ["jobs", "requests"],
    queryFn: ({ signal }) => answer(api.GET("/v1/jobs", { signal })),
    staleTime: 0,
  });
  const open = found.data?.items.filter(isUnsettled) ?? [];
  return (
    <Section title={t("gdpr.requests")} lead={t("gdpr.requests_lead")}>
      {found.error ? (
        <ErrorState error={found.error} retry={found.refetch} />
      ) : !found.data ? (
        <Loading />
      ) : open.length === 0 ? (
        <p className="dimmed">{t("gdpr.no_requests")}</p>
      ) : (
        <Open jobs={open} />
      )}
    </Section>
  );
}

function Open({ jobs }: { jobs: readonly Job[] }) {
  return (
    <Table className="few" aria-label={t("gdpr.requests")}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t("gdpr.request")}</Table.Th>
          <Table.Th className="wide">{t("gdpr.asked_at")}</Table.Th>
          <Table.Th>{t("gdpr.due")}</Table.Th>
          <Table.Th>{t("col.state")}</Table.Th>
          <Table.Th className="wide">{t("audit.by")}</Table.Th>
          <Table.Th>
            <span className="sr-only">{t("package.link")}</span>
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {jobs.map((job) => (
          <Request key={job.id} job={job} />
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Request({ job }: { job: Job }) {
  const [shown, setShown] = useState(false);
  return (
    <>
      <Table.Tr data-row={job.id}>
        <Table.Td>{job.type === "erasure" ? t("gdpr.erasure") : told("package", job.purpose ?? "access")}</Table.Td>
        <Table.Td className="wide">
          <Time at={job.created_at} />
        </Table.Td>
        <Table.Td>
          <Gone at={due(job.created_at)} />
        </Table.Td>
        <Table.Td>{stateOf(job)}</Table.Td>
        <Table.Td className="wide">
          <bdi>{job.by}</bdi>
        </Table.Td>
        <Table.Td ta="right">
          {job.state === "done" && (
            <Button size="compact-xs" variant="default" aria-expanded={shown} onClick={() => setShown(!shown)}>
              {t("package.link")}
            </Button>
          )}
        </Table.Td>
      </Table.Tr>
      {shown && (
        <Table.Tr className="few-below">
          <Table.Td colSpan={6}>
            <PackageLink job={job} />
          </Table.Td>
        </Table.Tr>
      )}
    </>
  );
}

function stateOf(job: Job) {
  if (job.state === "failed") return <State name="error" />;
  if (isOpen(job)) return <Tag tone="told">{told("job_state", job.state)}</Tag>;
  return <Tag tone="wait">{t("gdpr.not_fetched")}</Tag>;
}
