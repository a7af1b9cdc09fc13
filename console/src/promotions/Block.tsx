// A block of a page that manages: one kind of the chosen part, with its export and its delete all. It is as high as its
// rows, up to a screenful; then it scrolls.
import { Title } from "@mantine/core";
import type { ReactNode } from "react";
import { useMe } from "../api/queries";
import { DeleteMenu } from "../deleting/DeleteMenu";
import { ExportButton } from "../jobs/ExportButton";
import type { Filters } from "../lists/filters";
import { RecordList, type RecordListProps } from "../lists/RecordList";
import { useListState } from "../lists/useListState";
import { useRecords } from "../lists/useRecords";
import { ROW } from "../lists/useWindow";
import { t } from "../words";

const AROUND = 84; // pixels of the toolbar and the head of the table
const [LEAST, MOST] = [4, 12]; // rows

interface Props extends RecordListProps {
  within: Filters;
  prefix: string;
  note?: ReactNode;
}

export function Block({ note, ...list }: Props) {
  const { kind, within, prefix, name } = list;
  const me = useMe();
  const { query, record } = useListState(within, prefix);
  const shown = useRecords(kind, query).rows.length;
  const rows = Math.min(MOST, Math.max(LEAST, shown + 1));
  return (
    <section className="block" aria-label={name} data-open={record ? "" : undefined}>
      <div className="block-head">
        <Title order={2} size="h5">
          {name}
        </Title>
        {note}
        <div className="block-actions">
          {me.may("export") && <ExportButton kind={kind} filters={query} />}
          <DeleteMenu kind={kind} experience={within.experience} name={name} />
        </div>
      </div>
      <div className="block-list" style={{ height: AROUND + rows * ROW }}>
        <RecordList {...list} name={t("manage.list_of", { name })} />
      </div>
    </section>
  );
}
