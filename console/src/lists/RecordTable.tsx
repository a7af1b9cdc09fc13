// The rows themselves: a table of 36 px rows of which only those in view are drawn.
import { ActionIcon, Checkbox, UnstyledButton } from "@mantine/core";
import { DataTable, type DataTableColumn } from "mantine-datatable";
import { type RefObject, useEffect, useMemo, useRef } from "react";
import type { Row } from "../api/types";
import { Bin } from "../parts/icons";
import { t } from "../words";
import type { About, Column } from "./columns";
import { ROW, useWindow } from "./useWindow";

const AHEAD = 10; // rows before the end at which more are asked for

interface Props {
  name: string; // of the list, for whoever cannot see it
  rows: readonly Row[];
  columns: readonly Column[];
  about: About;
  place: string; // under which the scroll position is remembered
  viewport: RefObject<HTMLDivElement | null>;
  current: string | undefined; // the open record
  selected: ReadonlySet<string> | undefined;
  onOpen: (row: Row) => void;
  onSelect: (ids: readonly string[], on: boolean) => void;
  onDelete: ((row: Row, bin: HTMLElement) => void) | undefined;
  onEnd: (() => void) | undefined; // more rows are there to be asked for
  dimmed: boolean;
  narrow: boolean; // a phone
}

export function RecordTable(props: Props) {
  const { rows, viewport, place } = props;
  const drawn = useWindow(viewport, rows.length, place);
  const columns = useColumns(props);
  const isNearEnd = drawn.seen >= rows.length - AHEAD;
  const { onEnd } = props;
  useEffect(() => {
    if (isNearEnd) onEnd?.();
  });
  const table = useRef<HTMLTableElement>(null);
  const shown = useMemo(() => rows.slice(drawn.first, drawn.last), [rows, drawn.first, drawn.last]);
  const width = props.columns.reduce(
    (sum, column) => sum + (column.width ?? (props.narrow ? 110 : 168)),
    props.narrow ? 44 : 96,
  );
  return (
    <DataTable<Row>
      className={props.dimmed ? "records stale" : "records"}
      height="100%"
      records={shown}
      columns={columns}
      tableRef={table as RefObject<HTMLTableElement>}
      scrollViewportRef={viewport}
      scrollAreaProps={{ scrollbarSize: 9, viewportProps: { tabIndex: 0, role: "region", "aria-label": props.name } }}
      styles={{
        table: { tableLayout: "fixed", minWidth: width, marginTop: drawn.above, marginBottom: drawn.below },
      }}
      aria-label={props.name}
      aria-rowcount={rows.length + 1}
      highlightOnHover
      highlightOnHoverColor="var(--hover)"
      borderColor="var(--line)"
      rowBorderColor="var(--line-soft)"
      verticalSpacing={0}
      horizontalSpacing={10}
      fz="sm"
      onRowClick={({ record, event }) => {
        if (!isControl(event.target)) props.onOpen(record);
      }}
      customRowAttributes={(row, index) => ({
        "data-row": row.id,
        "data-current": row.id === props.current || undefined,
        "aria-rowindex": drawn.first + index + 2,
        style: { height: ROW },
      })}
    />
  );
}

function isControl(target: EventTarget): boolean {
  const selecting = (getSelection()?.toString() ?? "") !== "";
  return selecting || (target instanceof Element && target.closest("a, button, input, label") !== null);
}

function useColumns(props: Props): DataTableColumn<Row>[] {
  const { columns, about, onOpen, onDelete, selected, onSelect, rows } = props;
  return useMemo(() => {
    const own = columns.map((column, index) => asColumn(column, about, index === 0 ? onOpen : undefined));
    const bins = onDelete ? [binColumn(onDelete)] : [];
    return selected ? [selection(selected, rows, onSelect), ...own, ...bins] : [...own, ...bins];
  }, [columns, about, onOpen, onDelete, selected, onSelect, rows]);
}

/** The first column opens its record, so that the keyboard reaches every row. */
function asColumn(column: Column, about: About, onOpen: ((row: Row) => void) | undefined): DataTableColumn<Row> {
  const link = (row: Row) => (
    <UnstyledButton className="open" data-open onClick={() => onOpen?.(row)}>
      {column.show(row, about)}
    </UnstyledButton>
  );
  return {
    accessor: column.name,
    title: column.title,
    ellipsis: true,
    render: onOpen ? link : (row) => column.show(row, about),
    ...(column.width !== undefined && { width: column.width }),
    ...(column.right && { textAlign: "right" as const }),
  };
}

/** What a row is called where it is not seen. */
function spoken(row: Row): string {
  return String(row.email ?? row.code ?? row.name ?? row.message ?? row.id);
}

function binColumn(onDelete: (row: Row, bin: HTMLElement) => void): DataTableColumn<Row> {
  return {
    accessor: "bin",
    title: <span className="sr-only">{t("list.delete")}</span>,
    width: 44,
    render: (row) => (
      <ActionIcon
        className="bin"
        variant="subtle"
        color="gray"
        aria-label={t("list.delete_one", { what: spoken(row) })}
        onClick={(event) => onDelete(row, event.currentTarget)}
      >
        <Bin size={16} />
      </ActionIcon>
    ),
  };
}

function selection(
  selected: ReadonlySet<string>,
  rows: readonly Row[],
  onSelect: (ids: readonly string[], on: boolean) => void,
): DataTableColumn<Row> {
  const all = rows.length > 0 && selected.size >= rows.length;
  return {
    accessor: "select",
    width: 52,
    title: (
      <Checkbox
        size="xs"
        aria-label={t("list.select_loaded", { count: rows.length })}
        checked={all}
        indeterminate={selected.size > 0 && !all}
        onChange={(event) =>
          onSelect(
            rows.map((row) => row.id),
            event.currentTarget.checked,
          )
        }
      />
    ),
    render: (row) => (
      <Checkbox
        size="xs"
        data-select
        aria-label={t("list.select_row", { what: spoken(row) })}
        checked={selected.has(row.id)}
        onChange={(event) => onSelect([row.id], event.currentTarget.checked)}
      />
    ),
  };
}
