// The calls that left for services of others, as a table: whom, what they answered, how long it took.
import { Anchor, Table, Title } from "@mantine/core";
import { Link } from "react-router";
import type { Trace } from "../api/types";
import { Tag } from "../lists/values";
import { Time } from "../parts/Time";
import { t } from "../words";
import { duration } from "./durations";

export function Calls({ trace, log }: { trace: Trace; log: string }) {
  return (
    <section aria-labelledby="calls">
      <Title order={2} size="h5" id="calls">
        {t("trace.calls")}
      </Title>
      {trace.calls.length === 0 ? (
        <p className="dimmed">{t("trace.no_calls")}</p>
      ) : (
        <div className="tree-scroll">
          <Table verticalSpacing={6} fz="sm" className="calls">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("trace.receiver")}</Table.Th>
                <Table.Th>{t("col.time")}</Table.Th>
                <Table.Th>{t("trace.duration")}</Table.Th>
                <Table.Th>{t("trace.status")}</Table.Th>
                <Table.Th>
                  <span className="sr-only">{t("trace.to_log")}</span>
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {trace.calls.map((call) => (
                <Call key={call.span} call={call} log={log} />
              ))}
            </Table.Tbody>
          </Table>
        </div>
      )}
    </section>
  );
}

function Call({ call, log }: { call: Trace["calls"][number]; log: string }) {
  const status = call.status ?? null;
  return (
    <Table.Tr data-call={call.span}>
      <Table.Td>
        <bdi>{call.name}</bdi>
      </Table.Td>
      <Table.Td>
        <Time at={call.started_at} as="precise" />
      </Table.Td>
      <Table.Td>{typeof call.duration_ms === "number" ? duration(call.duration_ms) : ""}</Table.Td>
      <Table.Td>
        <Tag tone={status !== null && status < 400 ? "good" : "bad"}>{status ?? t("trace.no_answer")}</Tag>{" "}
        {call.error && <span className="dimmed">{call.error}</span>}
      </Table.Td>
      <Table.Td>
        <Anchor component={Link} to={`${log}&record=${encodeURIComponent(call.entry ?? "")}`} size="sm">
          {t("trace.entry")}
        </Anchor>
      </Table.Td>
    </Table.Tr>
  );
}
