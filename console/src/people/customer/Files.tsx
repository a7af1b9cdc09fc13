// What the customer uploaded: played or shown here, anything else is downloaded.
import type { Row } from "../../api/types";
import { size } from "../../format/numbers";
import { Masked, State } from "../../lists/values";
import { Gone, Time } from "../../parts/Time";
import { t } from "../../words";
import { Section } from "../Section";
import { FileView } from "./FileView";
import { More } from "./RowsTable";
import { useRows, type Whole } from "./useCustomer";

export function Files({ whole }: { whole: Whole }) {
  const found = useRows(whole, "files");
  return (
    <Section title={t("tab.files")}>
      {found.rows.length === 0 && <p className="dimmed">{t("customer.no_files")}</p>}
      <ul className="files">
        {found.rows.map((row) => (
          <li key={row.id}>
            <Uploaded row={row} />
          </li>
        ))}
      </ul>
      <More found={found} />
    </Section>
  );
}

function Uploaded({ row }: { row: Row }) {
  const name = String(row.name);
  return (
    <>
      <p className="file-name">{row.masked ? <Masked>{name}</Masked> : <bdi>{name}</bdi>}</p>
      <p className="dimmed file-facts">
        {String(row.content_type)} · {typeof row.size === "number" && size(row.size)} · <Time at={row.created_at} /> ·{" "}
        <Gone at={row.expires_at} /> {row.state !== "ready" && <State name={String(row.state)} />}
      </p>
      {row.state === "ready" && !row.masked && <FileView id={row.id} name={name} type={String(row.content_type)} />}
      {row.state === "ready" && row.masked && <p className="dimmed">{t("customer.files_hidden")}</p>}
    </>
  );
}
