// One trace: what is known of a call and of what followed from it, on a time line.
import { Alert, Anchor, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "react-router";
import { answer, api } from "../api/client";
import { Problem } from "../api/problem";
import { useMe } from "../api/queries";
import type { Trace as Answer } from "../api/types";
import { Page } from "../frame/Page";
import { Masked } from "../lists/values";
import { Calls } from "../log/Calls";
import { duration } from "../log/durations";
import { TraceTree } from "../log/TraceTree";
import { type Waterfall, waterfall } from "../log/waterfall";
import { CopyText } from "../parts/CopyText";
import { ErrorState } from "../parts/ErrorState";
import { Loading } from "../parts/Loading";
import { Time } from "../parts/Time";
import { t } from "../words";
import "../log/log.css";

export default function Trace() {
  const { id = "" } = useParams();
  const found = useQuery<Answer>({
    queryKey: ["trace", id],
    queryFn: ({ signal }) => answer(api.GET("/v1/traces/{id}", { params: { path: { id } }, signal })),
  });
  const isUnknown = found.error instanceof Problem && found.error.code === "trace_unknown";
  return (
    <Page title={t("trace.title")} promise={t("trace.promise")}>
      {found.data ? (
        <Known key={id} trace={found.data} />
      ) : isUnknown ? (
        <p className="empty">{t("trace.unknown")}</p>
      ) : found.error ? (
        <ErrorState error={found.error} retry={found.refetch} />
      ) : (
        <Loading />
      )}
    </Page>
  );
}

function Known({ trace }: { trace: Answer }) {
  const fall = waterfall(trace);
  const log = `/log?trace_id=${trace.trace_id}`;
  return (
    <div className="trace">
      <Facts trace={trace} fall={fall} log={log} />
      {trace.more && (
        <Alert color="gray">
          {t("trace.more")}{" "}
          <Anchor component={Link} to={log} size="sm" underline="always">
            {t("trace.more_link")}
          </Anchor>
        </Alert>
      )}
      <section aria-labelledby="tree">
        <Title order={2} size="h5" id="tree">
          {t("trace.tree")}
        </Title>
        <p className="dimmed" id="tree-hint">
          {t("trace.tree_hint")}
        </p>
        <TraceTree fall={fall} log={log} />
      </section>
      <Calls trace={trace} log={log} />
    </div>
  );
}

function Facts({ trace, fall, log }: { trace: Answer; fall: Waterfall; log: string }) {
  return (
    <dl className="trace-facts">
      <dt>{t("col.id")}</dt>
      <dd>
        <CopyText text={trace.trace_id} />
      </dd>
      <dt>{t("trace.xray")}</dt>
      <dd>
        <CopyText text={trace.xray_trace_id} />
      </dd>
      <dt>{t("trace.began")}</dt>
      <dd>
        <Time at={fall.began} as="precise" /> · {t("trace.took")} {duration(fall.length)} ·{" "}
        <Anchor component={Link} to={log} size="sm" underline="always">
          {t("trace.to_log")}
        </Anchor>
      </dd>
      {trace.customers.length > 0 && <dt>{t("trace.customers")}</dt>}
      {trace.customers.map((person) => (
        <dd key={person.customer_id}>
          <Person person={person} />
        </dd>
      ))}
    </dl>
  );
}

function Person({ person }: { person: Answer["customers"][number] }) {
  const me = useMe();
  if (person.masked || !me.may("reveal")) return <Masked>{person.email}</Masked>;
  return (
    <Anchor component={Link} to={`/customers/${person.customer_id}`} size="sm">
      <bdi>{person.email}</bdi>
    </Anchor>
  );
}
