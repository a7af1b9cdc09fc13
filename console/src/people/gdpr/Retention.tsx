// How long each kind is kept, counted from what and for what: the table of kinds, in plain words.
import { Table } from "@mantine/core";
import { useEffect, useRef } from "react";
import { useSearchParams } from "react-router";
import { useKinds } from "../../api/queries";
import { number } from "../../format/numbers";
import { ErrorState } from "../../parts/ErrorState";
import { Loading } from "../../parts/Loading";
import { t, told } from "../../words";
import { Section } from "../Section";
import type { PrivacyNotice } from "./notice";

export function Retention() {
  const found = useKinds();
  const [search] = useSearchParams();
  const asked = search.get("kind");
  const row = useRef<HTMLTableRowElement>(null);
  const known = found.data !== undefined;
  useEffect(() => {
    if (asked && known) row.current?.scrollIntoView({ block: "center" });
  }, [asked, known]);
  if (found.error) return <ErrorState error={found.error} retry={found.refetch} />;
  if (!found.data) return <Loading />;
  const { kinds } = found.data.notice as unknown as PrivacyNotice;
  return (
    <Section title={t("gdpr.retention")} lead={t("gdpr.retention_lead")}>
      <Table className="few" aria-label={t("gdpr.retention")}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("gdpr.kind")}</Table.Th>
            <Table.Th ta="right">{t("gdpr.days")}</Table.Th>
            <Table.Th>{t("gdpr.since")}</Table.Th>
            <Table.Th className="wide">{t("gdpr.purpose")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {kinds.map((kind) => (
            <Table.Tr key={kind.name} {...(kind.name === asked && { ref: row, "data-current": true })}>
              <Table.Td fw={550}>{told("many", kind.name)}</Table.Td>
              <Table.Td ta="right">{number(kind.days)}</Table.Td>
              <Table.Td>{told("since", kind.name)}</Table.Td>
              <Table.Td className="wide">{kind.purpose}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Section>
  );
}
