// Which variables were set when, the newest first, day by day; files where they were uploaded.
import { useExperienceTitle } from "../../api/queries";
import type { Row } from "../../api/types";
import { day, whole as wholeMoment } from "../../format/times";
import { Json, Tag } from "../../lists/values";
import { Gone, Time } from "../../parts/Time";
import { t } from "../../words";
import { Section } from "../Section";
import { FileView } from "./FileView";
import { More } from "./RowsTable";
import { useRows, type Whole } from "./useCustomer";

export function Timeline({ whole }: { whole: Whole }) {
  const found = useRows(whole, "variables");
  const files = new Map(useRows(whole, "files").rows.map((file) => [file.id, file]));
  return (
    <Section title={t("customer.timeline")} lead={t("customer.timeline_lead")}>
      {found.rows.length === 0 && <p className="dimmed">{t("customer.no_variables")}</p>}
      {days(found.rows).map(([name, rows]) => (
        <div key={name} className="group">
          <h3>{name}</h3>
          <ol className="timeline">
            {rows.map((row) => (
              <Moment key={row.id} row={row} file={files.get(fileOf(row) ?? "")} />
            ))}
          </ol>
        </div>
      ))}
      <More found={found} />
    </Section>
  );
}

function Moment({ row, file }: { row: Row; file: Row | undefined }) {
  const title = useExperienceTitle();
  const id = fileOf(row);
  return (
    <li>
      <span className="timeline-at" title={wholeMoment(row.created_at)}>
        <Time at={row.created_at} as="clock" />
      </span>
      <div className="timeline-what">
        <p>
          <code className="mono timeline-name">{String(row.name)}</code>{" "}
          {row.system === true && <Tag tone="calm">{t("customer.system")}</Tag>}
        </p>
        {id && !row.masked ? (
          <FileView id={id} name={String(file?.name ?? row.name)} type={file ? String(file.content_type) : undefined} />
        ) : (
          <Json row={row} />
        )}
        <p className="timeline-where dimmed">
          <bdi>{title(row.experience)}</bdi> · <Gone at={row.expires_at} />
        </p>
      </div>
    </li>
  );
}

/** The id of the file that a variable stands for: the last but one part of its stable address. */
function fileOf(row: Row): string | undefined {
  return /\/v1\/files\/([^/]+)\/content$/.exec(String(row.file_url ?? ""))?.[1];
}

function days(rows: readonly Row[]): [string, Row[]][] {
  const found = new Map<string, Row[]>();
  for (const row of rows) found.set(day(row.created_at), [...(found.get(day(row.created_at)) ?? []), row]);
  return [...found];
}
