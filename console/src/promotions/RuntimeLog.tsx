// The runtime log: what happened in the last seven days, live if wanted, each entry with its trace.
import { Button, Select } from "@mantine/core";
import { useMemo, useState } from "react";
import { Link } from "react-router";
import type { Row } from "../api/types";
import { Page } from "../frame/Page";
import { COLUMNS } from "../lists/columns";
import { Empty } from "../lists/Empty";
import type { FilterName } from "../lists/filters";
import { RecordList } from "../lists/RecordList";
import { ListActions } from "../lists/RecordsPage";
import { useListState } from "../lists/useListState";
import { recordOf } from "../log/recordOf";
import { t, told } from "../words";
import "../log/log.css";

const EVENT: FilterName[] = ["event"]; // these two are for links to the log, and shown when one was followed
const TRACE: FilterName[] = ["trace_id"];

export default function RuntimeLog() {
  const columns = useMemo(() => COLUMNS.log(), []);
  const [live, setLive] = useState(true);
  const { event, trace_id } = useListState().chosen;
  const filters: FilterName[] = ["level", "text", "experience", ...(event ? EVENT : []), ...(trace_id ? TRACE : [])];
  return (
    <Page title={t("tab.log")} promise={t("log.promise")} actions={<ListActions kind="log" />} fills>
      <RecordList
        kind="log"
        name={told("many", "log")}
        columns={columns}
        filters={filters}
        tools={
          <>
            <Range />
            <Live on={live} onChange={setLive} />
          </>
        }
        live={live}
        empty={<Empty kind="log" />}
        detail={(row) => <Beside row={row} />}
      />
    </Page>
  );
}

const RANGES = ["15", "60", "1440"] as const;

/** The address has the moment from which on entries are shown, so that a link shows the same ones. */
function Range() {
  const state = useListState();
  const [chosen, choose] = useState<string | null>(null);
  const from = state.chosen.from;
  return (
    <Select
      size="xs"
      w={150}
      aria-label={t("log.range")}
      placeholder={t("log.range.all")}
      data={RANGES.map((minutes) => ({ value: minutes, label: told("log.range", minutes) }))}
      value={from ? (chosen ?? nearest(from)) : null}
      onChange={(minutes) => {
        choose(minutes);
        state.change({ from: minutes ? new Date(Date.now() - Number(minutes) * 60_000).toISOString() : "" });
      }}
      clearable
      clearButtonProps={{ "aria-label": t("filter.clear") }}
    />
  );
}

/** Which of the ranges a moment of the address was. */
function nearest(from: string): string {
  const minutes = (Date.now() - Date.parse(from)) / 60_000;
  return RANGES.find((range) => minutes <= Number(range) * 1.5) ?? "1440";
}

function Live({ on, onChange }: { on: boolean; onChange: (on: boolean) => void }) {
  return (
    <Button
      size="xs"
      variant="default"
      className={on ? "live chosen" : "live"}
      aria-pressed={on}
      title={t("log.live_on")}
      onClick={() => onChange(!on)}
    >
      <span className="live-dot" aria-hidden />
      {t("log.live")}
    </Button>
  );
}

function Beside({ row }: { row: Row }) {
  const record = recordOf(String(row.event ?? ""), row.attributes);
  return (
    <div className="beside-log">
      {typeof row.trace_id === "string" && (
        <Button component={Link} to={`/traces/${row.trace_id}`} variant="default" fullWidth mt="md">
          {t("log.open_trace")}
        </Button>
      )}
      {record && (
        <Button component={Link} to={record} variant="default" fullWidth mt="xs">
          {t("log.open_record")}
        </Button>
      )}
    </div>
  );
}
