// A list of records of one kind, as every tab shows it.
//   <RecordList kind="participations" within={{ experience, giveaway }} columns={COLUMNS.participations()}
//               filters={["email", "period"]} empty={<p>…</p>} prefix="entries" tools={<Button …/>} />
// Its state is in the address (`useListState`, under `prefix` where a page has two lists); rows come page by page and
// never twice; one record opens beside the list. `within` must be the same object from render to render (useMemo).
import { useMediaQuery } from "@mantine/hooks";
import { type ReactNode, useCallback, useMemo, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { useExperienceTitle, useMe } from "../api/queries";
import type { KindName, Row } from "../api/types";
import { DeletePopover } from "../deleting/DeletePopover";
import { ErrorState } from "../parts/ErrorState";
import { t } from "../words";
import { Arrivals } from "./Arrivals";
import { type Column, fieldColumns } from "./columns";
import type { FilterName, Filters } from "./filters";
import { MoreBelow } from "./MoreBelow";
import { NoMatch } from "./NoMatch";
import { RecordPanel } from "./RecordPanel";
import { RecordTable } from "./RecordTable";
import { SelectionBar } from "./SelectionBar";
import { SkeletonRows } from "./SkeletonRows";
import { Toolbar } from "./Toolbar";
import { useHiddenColumns } from "./useHiddenColumns";
import { useListKeys } from "./useListKeys";
import { useListState } from "./useListState";
import { useRecords } from "./useRecords";
import { useReturn } from "./useReturn";

export interface RecordListProps {
  kind: KindName;
  name: string; // what the list is called, for whoever cannot see it
  columns: readonly Column[];
  filters?: readonly FilterName[];
  within?: Filters;
  prefix?: string;
  empty: ReactNode;
  tools?: ReactNode;
  detail?: (row: Row) => ReactNode; // more about a record in its panel
  live?: boolean; // looked at every two seconds; new rows come by themselves at the top
  fields?: number; // columns for the personal fields that the rows have, so many of them from the start
}

const NOTHING: Filters = {};

export function RecordList(props: RecordListProps) {
  const list = useList(props);
  const { state } = list;
  return (
    <div className={state.record ? "list with-panel" : "list"}>
      <div className="list-main">
        <Above list={list} />
        <div className="rows">
          <Rows list={list} />
        </div>
        <MoreBelow found={list.found} more={list.more} />
      </div>
      {state.record && <Beside key={state.record} list={list} id={state.record} />}
      <Deleting list={list} />
    </div>
  );
}

type List = ReturnType<typeof useList>;

function useList(props: RecordListProps) {
  const { kind, within = NOTHING, prefix = "" } = props;
  const state = useListState(within, prefix);
  const found = useRecords(kind, state.query);
  const shown = useShownColumns(props, found.rows);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [deleting, setDeleting] = useState<{ row: Row; bin: HTMLElement }>();
  const viewport = useRef<HTMLDivElement>(null);
  const select = useCallback(
    (ids: readonly string[], on: boolean) => setSelected((before) => changed(before, ids, on)),
    [],
  );
  const remove = useCallback((row: Row, bin: HTMLElement) => setDeleting({ row, bin }), []);
  const mayDelete = useMe().may(kind === "customers" ? "erase" : "delete_one");
  const place = `${kind} ${prefix} ${JSON.stringify(state.query)}`;
  const leave = useReturn({ place, rows: found.rows, viewport, record: state.record });
  useListKeys({ rows: found.rows, viewport, select, selected, enabled: prefix === "" });
  return {
    ...{ props, state, found, place, shown, viewport, selected, setSelected, select, deleting },
    stopDeleting: () => setDeleting(undefined),
    remove: mayDelete ? remove : undefined,
    about: { experience: useExperienceTitle() },
    open: useOpen(kind, state.open, leave),
    more: () => {
      if (found.hasNextPage && !found.isFetching) void found.fetchNextPage();
    },
  };
}

function Above({ list }: { list: List }) {
  const { props, state, found, shown, selected, setSelected } = list;
  return (
    <>
      <Toolbar
        kind={props.kind}
        filters={props.filters ?? []}
        state={state}
        columns={shown.all}
        hidden={shown.hidden}
        onHide={shown.hide}
        amount={amount(found)}
        tools={props.tools}
      />
      <Arrivals
        kind={props.kind}
        query={state.query}
        rows={found.rows}
        viewport={list.viewport}
        live={props.live}
        held={state.record !== undefined || selected.size > 0}
      />
      <SelectionBar
        kind={props.kind}
        rows={found.rows}
        selected={selected}
        more={found.hasNextPage}
        onSelect={setSelected}
      />
    </>
  );
}

function Rows({ list }: { list: List }) {
  const { props, state, found, shown } = list;
  if (found.isPending) return <SkeletonRows />;
  if (found.isError && found.rows.length === 0) return <ErrorState error={found.error} retry={found.refetch} />;
  if (found.rows.length === 0 && !found.looking && !found.hasNextPage)
    return <NoMatch state={state} empty={props.empty} />;
  const selects = list.remove && props.kind !== "customers" && !shown.narrow;
  return (
    <RecordTable
      name={props.name}
      rows={found.rows}
      columns={shown.columns}
      about={list.about}
      place={list.place}
      viewport={list.viewport}
      current={state.record}
      selected={selects ? list.selected : undefined}
      onOpen={list.open}
      onSelect={list.select}
      onDelete={list.remove}
      onEnd={found.isFetchNextPageError ? undefined : list.more}
      dimmed={found.isPlaceholderData}
      narrow={shown.narrow}
    />
  );
}

function Beside({ list, id }: { list: List; id: string }) {
  const { props, state, found } = list;
  return (
    <RecordPanel
      kind={props.kind}
      id={id}
      known={found.rows.find((row) => row.id === id)}
      about={list.about}
      detail={props.detail}
      onClose={state.close}
      onDelete={list.remove}
    />
  );
}

function Deleting({ list }: { list: List }) {
  const { props, state, deleting } = list;
  if (!deleting) return null;
  const { row, bin } = deleting;
  const forget = () => {
    list.select([row.id], false);
    if (state.record === row.id) state.close();
  };
  return <DeletePopover kind={props.kind} row={row} anchor={bin} onClose={list.stopDeleting} onDeleted={forget} />;
}

function useShownColumns({ kind, prefix = "", columns, fields }: RecordListProps, rows: readonly Row[]) {
  const narrow = useMediaQuery("(max-width: 52em)", undefined, { getInitialValueInEffect: false });
  const all = useMemo(
    () => (fields === undefined ? [...columns] : withFields(columns, rows, fields)),
    [columns, fields, rows],
  );
  const { hidden, hide } = useHiddenColumns(`${kind}${prefix}`, all);
  const shown = useMemo(
    () =>
      all
        .filter((column) => (narrow ? column.phone : !hidden.has(column.name)))
        .map((column, place) => (narrow ? squeezed(column, place === 0) : column)),
    [all, hidden, narrow],
  );
  return { all, columns: shown, hidden, hide, narrow };
}

/** Personal fields stand behind the first column. */
function withFields(columns: readonly Column[], rows: readonly Row[], shown: number): Column[] {
  const [first, ...others] = columns;
  return first ? [first, ...fieldColumns(rows, shown), ...others] : [];
}

/** On a phone the first column takes what the others leave. */
function squeezed(column: Column, isFirst: boolean): Column {
  const { width, ...rest } = column;
  return width !== undefined && width < 170 && !isFirst ? { ...rest, width: Math.min(width, 124) } : rest;
}

/** Customers have a page of their own, everything else opens beside its list. */
function useOpen(kind: KindName, openBeside: (id: string) => void, leave: (id: string) => void): (row: Row) => void {
  const navigate = useNavigate();
  const me = useMe();
  const beside = useRef(openBeside);
  beside.current = openBeside;
  const whole = kind === "customers" && (me.may("reveal") || me.may("erase"));
  return useCallback(
    (row: Row) => {
      leave(row.id);
      if (whole) navigate(`/customers/${row.id}`);
      else beside.current(row.id);
    },
    [navigate, whole, leave],
  );
}

function changed(before: ReadonlySet<string>, ids: readonly string[], on: boolean): ReadonlySet<string> {
  const next = new Set(before);
  for (const id of ids)
    if (on) next.add(id);
    else next.delete(id);
  return next;
}

/** Never a total that was not counted: `50+` while more is there. */
function amount(found: ReturnType<typeof useRecords>): string {
  if (found.isPending || found.rows.length === 0) return "";
  return t(found.hasNextPage ? "list.loaded_more" : "list.loaded", { count: found.rows.length });
}
