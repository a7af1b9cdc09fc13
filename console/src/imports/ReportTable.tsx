// The report line by line: what is wrong first, all on request.
import { Chip, Group, ScrollArea, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Job } from "../api/types";
import { number } from "../format/numbers";
import { fileOf, useMayTouch } from "../jobs/deeds";
import { Tag, type Tone } from "../lists/values";
import { ErrorState } from "../parts/ErrorState";
import { Loading } from "../parts/Loading";
import { t, told } from "../words";
import { RESULTS, type Result } from "./Outcome";
import { type Line, MOST_LINES, readReport } from "./report";

const TONES: Record<string, Tone> = { added: "good", already_there: "calm", twice_in_file: "wait", invalid: "bad" };

export function ReportTable({ job, result }: { job: Job; result: Result }) {
  const may = useMayTouch()(job).download;
  const report = useQuery({
    queryKey: ["report", job.id],
    enabled: may,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) => readReport(await fileOf(job.id), signal),
  });
  const present = RESULTS.filter((name) => result[name] > 0);
  const [shown, setShown] = useState<string>([...present].reverse()[0] ?? "added");
  if (!may) return <Text size="sm">{t("report.not_open")}</Text>;
  if (report.error) return <ErrorState error={report.error} retry={report.refetch} />;
  return (
    <>
      <Chip.Group value={shown} onChange={setShown}>
        <Group gap={6} my="xs" role="radiogroup" aria-label={t("report.which")}>
          {present.map((name) => (
            <Chip key={name} value={name} size="xs" variant="outline">
              {number(result[name])} {told("line", name)}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
      {report.data ? <Lines lines={report.data.filter((line) => line.result === shown)} /> : <Loading />}
      {(result[shown as keyof Result] as number) > MOST_LINES && (
        <Text size="xs" c="dimmed">
          {t("report.first", { count: MOST_LINES })}
        </Text>
      )}
    </>
  );
}

function Lines({ lines }: { lines: Line[] }) {
  return (
    <ScrollArea.Autosize
      mah={300}
      type="auto"
      viewportProps={{ tabIndex: 0, role: "region", "aria-label": t("report.title") }}
    >
      <Table className="report" stickyHeader>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("report.line")}</Table.Th>
            <Table.Th>{t("report.code")}</Table.Th>
            <Table.Th>{t("report.result")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {lines.map((line) => (
            <Table.Tr key={line.line}>
              <Table.Td>{line.line}</Table.Td>
              <Table.Td className="mono">
                <bdi>{line.code}</bdi>
              </Table.Td>
              <Table.Td>
                <Tag tone={TONES[line.result] ?? "calm"}>{told("line", line.result)}</Tag>{" "}
                {line.reason && told("reason", line.reason)}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </ScrollArea.Autosize>
  );
}
