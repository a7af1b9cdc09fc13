// Whether the promises are kept: the oldest record of each kind, what is overdue, and what went in the last 30 days.
import { Table } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { answer, api } from "../../api/client";
import { number } from "../../format/numbers";
import { Tag } from "../../lists/values";
import { ErrorState } from "../../parts/ErrorState";
import { Loading } from "../../parts/Loading";
import { Time } from "../../parts/Time";
import { t, told } from "../../words";
import { Section } from "../Section";

export function RetentionReport() {
  const found = useQuery({
    queryKey: ["retention"],
    queryFn: ({ signal }) => answer(api.GET("/v1/retention", { signal })),
  });
  return (
    <Section title={t("gdpr.report")} lead={t("gdpr.report_lead")}>
      {found.error ? (
        <ErrorState error={found.error} retry={found.refetch} />
      ) : !found.data ? (
        <Loading />
      ) : (
        <Table className="few" aria-label={t("gdpr.report")}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("gdpr.kind")}</Table.Th>
              <Table.Th>{t("gdpr.oldest")}</Table.Th>
              <Table.Th>{t("gdpr.overdue")}</Table.Th>
              <Table.Th ta="right" className="wide">
                {t("gdpr.by_time")}
              </Table.Th>
              <Table.Th ta="right" className="wide">
                {t("gdpr.by_people")}
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {found.data.items.map((kept) => (
              <Table.Tr key={kept.kind}>
                <Table.Td fw={550}>{told("many", kept.kind)}</Table.Td>
                <Table.Td>{kept.oldest ? <Time at={kept.oldest} /> : "–"}</Table.Td>
                <Table.Td>
                  <Overdue count={kept.overdue} more={kept.more_overdue} />
                </Table.Td>
                <Table.Td ta="right" className="wide">
                  {number(gone(kept.deleted, "ttl"))}
                </Table.Td>
                <Table.Td ta="right" className="wide">
                  {number(gone(kept.deleted, "deleted"))}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Section>
  );
}

function Overdue({ count, more }: { count: number | null; more: boolean }) {
  if (count === null) return <span className="dimmed">{t("gdpr.with_customer")}</span>;
  if (count === 0) return <Tag tone="good">{t("gdpr.none_overdue")}</Tag>;
  return (
    <Tag tone="wait" title={t("gdpr.overdue_lead")}>
      {t(more ? "gdpr.overdue_more" : "gdpr.overdue_count", { count })}
    </Tag>
  );
}

function gone(days: Record<string, Record<string, number>>, by: string): number {
  return Object.values(days).reduce((sum, one) => sum + (one[by] ?? 0), 0);
}
