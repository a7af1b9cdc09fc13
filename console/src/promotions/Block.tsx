// A block of a page that manages: one kind of the chosen part, with its export and its delete all. It is as high as its
// rows, up to a screenful; then it scrolls.
import { ActionIcon, Menu, Title } from "@mantine/core";
import { lazy, type ReactNode, Suspense, useState } from "react";
import { useMe } from "../api/queries";
import type { KindName } from "../api/types";
import { ExportButton } from "../jobs/ExportButton";
import type { Filters } from "../lists/filters";
import { RecordList, type RecordListProps } from "../lists/RecordList";
import { useListState } from "../lists/useListState";
import { useRecords } from "../lists/useRecords";
import { ROW } from "../lists/useWindow";
import { Bin, Dots } from "../parts/icons";
import { t } from "../words";

const DeleteAll = lazy(() => import("../deleting/DeleteAll"));
const AROUND = 84; // pixels of the toolbar and the head of the table
const [LEAST, MOST] = [4, 12]; // rows

interface Props extends RecordListProps {
  within: Filters;
  prefix: string;
  note?: ReactNode;
}

export function Block({ note, ...list }: Props) {
  const { kind, within, prefix, name } = list;
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
        <BlockActions kind={kind} query={query} within={within} name={name} />
      </div>
      <div className="block-list" style={{ height: AROUND + rows * ROW }}>
        <RecordList {...list} name={t("manage.list_of", { name })} />
      </div>
    </section>
  );
}

function BlockActions({
  kind,
  query,
  within,
  name,
}: {
  kind: KindName;
  query: Filters;
  within: Filters;
  name: string;
}) {
  const me = useMe();
  const [deleting, setDeleting] = useState(false);
  return (
    <div className="block-actions">
      {me.may("export") && <ExportButton kind={kind} filters={query} />}
      {me.may("delete_all") && (
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon variant="subtle" color="gray" aria-label={`${t("page.more")}: ${name}`}>
              <Dots />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item color="red" leftSection={<Bin size={16} />} onClick={() => setDeleting(true)}>
              {t("list.delete_all")}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
      {deleting && (
        <Suspense>
          <DeleteAll kind={kind} experience={within.experience} onClose={() => setDeleting(false)} />
        </Suspense>
      )}
    </div>
  );
}
