// What the runtime log says of the customer in the last seven days; left out when that is nothing.
import { t } from "../../words";
import { Section } from "../Section";
import { RowsTable } from "./RowsTable";
import type { Whole } from "./useCustomer";

export function LogEntries({ whole }: { whole: Whole }) {
  if (whole.log.items.length === 0) return null;
  return (
    <Section title={t("tab.log")}>
      <RowsTable
        whole={whole}
        kind="log"
        narrow={["created_at", "message"]}
        columns={["created_at", "level", "message", "trace_id"]}
      />
    </Section>
  );
}
