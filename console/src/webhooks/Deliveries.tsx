// Each call of the last seven days, newest first, and what came of it; sent again one by one, or all that failed.
import { Button, Drawer, SegmentedControl, Table, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import { Tag, type Tone } from "../lists/values";
import { ErrorState, reason } from "../parts/ErrorState";
import { Loading } from "../parts/Loading";
import { LoadMore } from "../parts/LoadMore";
import { Time } from "../parts/Time";
import { useDeed } from "../parts/useDeed";
import { t, told } from "../words";
import { type Delivery, type DeliveryState, hostOf, resend, useDeliveries, type Webhook } from "./webhook";

const STATES = ["", "waiting", "delivered", "failed"];
const TONES: Record<string, Tone> = { waiting: "wait", delivered: "good", failed: "bad" };

export function Deliveries({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
  const [state, setState] = useState<DeliveryState | "">("");
  const cache = useQueryClient();
  const again = useDeed(
    (named: string[] | undefined) => resend(webhook.id, named),
    () => cache.invalidateQueries({ queryKey: ["deliveries", webhook.id] }),
  );
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size="xl"
      title={t("hooks.deliveries_of", { host: hostOf(webhook) })}
      closeButtonProps={{ "aria-label": t("common.close") }}
    >
      <div className="deliveries-head">
        <SegmentedControl
          size="xs"
          aria-label={t("hooks.outcome")}
          value={state}
          onChange={(value) => setState(value as DeliveryState | "")}
          data={STATES.map((value) => ({
            value,
            label: value ? told("delivery", value) : t("hooks.all_deliveries"),
          }))}
        />
        {state === "failed" && (
          <Button size="xs" variant="default" loading={again.isPending} onClick={() => again.run(undefined)}>
            {t("hooks.resend_failed")}
          </Button>
        )}
      </div>
      <div role="status">{again.data !== undefined && t("hooks.resent", { count: again.data })}</div>
      {again.error && (
        <Text size="sm" className="failure" role="alert">
          {reason(again.error)}
        </Text>
      )}
      <Listed webhook={webhook} state={state} busy={again.isPending} onAgain={(id) => again.run([id])} />
    </Drawer>
  );
}

interface ListedProps {
  webhook: Webhook;
  state: DeliveryState | "";
  busy: boolean;
  onAgain: (id: string) => void;
}

function Listed({ webhook, state, busy, onAgain }: ListedProps) {
  const found = useDeliveries(webhook.id, state);
  if (found.isPending) return <Loading />;
  if (found.isError && !found.data) return <ErrorState error={found.error} retry={found.refetch} />;
  if (found.data.length === 0) return <p className="dimmed">{t("hooks.no_deliveries")}</p>;
  return (
    <>
      <Table className="few deliveries" verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("hooks.event")}</Table.Th>
            <Table.Th>{t("hooks.outcome")}</Table.Th>
            <Table.Th>
              <span className="sr-only">{t("jobs.deeds")}</span>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {found.data.map((one) => (
            <Table.Tr key={one.id} data-delivery={one.id}>
              <Table.Td>
                <What one={one} />
              </Table.Td>
              <Table.Td>
                <Came one={one} />
              </Table.Td>
              <Table.Td>
                {one.state !== "waiting" && webhook.enabled && (
                  <Button size="compact-xs" variant="default" loading={busy} onClick={() => onAgain(one.id)}>
                    {t("hooks.resend")}
                  </Button>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <LoadMore found={found} />
    </>
  );
}

function What({ one }: { one: Delivery }) {
  return (
    <>
      <span className="job-title">{told("event", one.type)}</span>
      <div className="dimmed">
        <Time at={one.happened_at} />
        {one.trace_id && (
          <>
            {" · "}
            <Link to={`/traces/${one.trace_id}`}>{t("error.trace")}</Link>
          </>
        )}
      </div>
      <details>
        <summary>{t("hooks.data")}</summary>
        <pre className="json">{JSON.stringify(one.data, null, 2)}</pre>
      </details>
    </>
  );
}

function Came({ one }: { one: Delivery }) {
  const facts = [one.status && String(one.status), one.error, one.duration_ms !== null && `${one.duration_ms} ms`];
  return (
    <>
      <Tag tone={TONES[one.state] ?? "calm"}>{told("delivery", one.state)}</Tag>
      <div className="dimmed">
        {[...facts, t("hooks.attempts", { count: one.attempts })].filter(Boolean).join(" · ")}
        {one.next_at && (
          <>
            {" · "}
            {t("hooks.next")} <Time at={one.next_at} />
          </>
        )}
      </div>
    </>
  );
}
