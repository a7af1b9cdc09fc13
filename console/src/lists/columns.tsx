// The columns of every kind (contract §6): how a value looks, what is shown from the start, what a phone has room for.
import { Anchor } from "@mantine/core";
import type { ReactNode } from "react";
import { Link } from "react-router";
import type { Row } from "../api/types";
import { number, signed, size } from "../format/numbers";
import { Gone, Time } from "../parts/Time";
import { t, told, type Word } from "../words";
import { Chips, Json, Level, Masked, State, Tag } from "./values";

export interface Column {
  name: string;
  title: string;
  show: (row: Row, about: About) => ReactNode;
  width?: number; // pixels; without it the column shares what is left
  right?: boolean; // numbers
  hidden?: boolean; // until it is chosen
  phone?: boolean; // narrow screens have room for these only
}

/** What a value needs to know beside its row. */
export interface About {
  experience: (id: string | null | undefined) => string;
}

type Options = Partial<Omit<Column, "name" | "show">>;

function column(name: string, show: Column["show"], options: Options = {}): Column {
  return { name, title: told("col", name), show, ...options };
}

export function text(name: string, options: Options = {}): Column {
  return column(name, (row) => plain(row[name]), options);
}

export function time(name: string, options: Options = {}): Column {
  return column(name, (row) => <Time at={row[name] as string | null} />, { width: 134, ...options });
}

export function count(name: string, options: Options = {}): Column {
  const show = (row: Row) => (typeof row[name] === "number" ? number(row[name]) : "");
  return column(name, show, { width: 76, right: true, ...options });
}

export function mono(name: string, options: Options = {}): Column {
  return column(name, (row) => <code className="mono">{plain(row[name])}</code>, options);
}

/** One of a few names, in the reader's language. */
export function named(name: string, options: Options = {}): Column {
  return column(name, (row) => (row[name] ? told(name, String(row[name])) : ""), { width: 110, ...options });
}

export function state(options: Options = {}, from = "state"): Column {
  return column(from, (row) => <State name={stateOf(row, from)} />, { width: 124, ...options });
}

/** Nothing was drawn where the server decided at once: that is won. */
export function stateOf(row: Row, from = "state"): string | null {
  const name = row[from] as string | null;
  return name === "drawn" && row.instant_win ? "won" : name;
}

export function flag(name: string, options: Options = {}): Column {
  return column(name, (row) => (row[name] ? t("common.yes") : ""), { width: 72, ...options });
}

/** An address; whose record it is when the customer is gone or never signed in. */
export function email(options: Options = {}): Column {
  return column("email", (row) => <Person row={row} />, { phone: true, ...options });
}

function Person({ row }: { row: Row }) {
  if (row.masked && row.email) return <Masked>{row.email}</Masked>;
  if (row.email) return <bdi>{row.email}</bdi>;
  return (
    <span className="dimmed">
      {t(row.state === "issued" || row.state === "redeemed" ? "value.erased" : "value.anonymous")}
    </span>
  );
}

export function experience(): Column {
  return column("experience", (row, about) => <bdi>{about.experience(row.experience)}</bdi>, { width: 140 });
}

export function gone(): Column {
  return column("expires_at", (row) => <Gone at={row.expires_at} />, { width: 84, right: true });
}

/** The personal fields that rows have: the whole name first, then known ones; `shown` of them from the start. */
export function fieldColumns(rows: readonly Row[], shown: number): Column[] {
  const names = new Set(rows.flatMap((row) => Object.keys((row.fields as object | null) ?? {})));
  const hasName = names.has("firstname") || names.has("lastname");
  const known = KNOWN_FIELDS.filter((name) => names.delete(name));
  const parts = [...known, ...[...names].sort()].map((name) => ({
    name: `fields.${name}`,
    title: told("field", name),
    show: (row: Row) => fieldOf(row, name),
    width: 120,
  }));
  const all = hasName ? [wholeNameColumn(), ...parts] : parts;
  const others = all.filter((column) => !NAMES.includes(column.name)).slice(0, shown);
  return all.map((column) => ({ ...column, hidden: !others.includes(column) }));
}

const NAMES = ["fields.firstname", "fields.lastname"];

function wholeNameColumn(): Column {
  return column("whole_name", wholeName, { width: 124 });
}

function wholeName(row: Row): ReactNode {
  const { firstname, lastname } = (row.fields as Record<string, unknown> | null) ?? {};
  const name = [firstname, lastname].filter(Boolean).join(" ");
  return row.masked && name ? <Masked>{name}</Masked> : plain(name);
}

const KNOWN_FIELDS = [
  "firstname",
  "lastname",
  "street",
  "house_number",
  "postal_code",
  "city",
  "country",
  "phone",
  "birthdate",
  "gender",
];

function fieldOf(row: Row, name: string): ReactNode {
  const value = (row.fields as Record<string, unknown> | null)?.[name];
  return row.masked && value ? <Masked>{String(value)}</Masked> : plain(value);
}

export function plain(value: unknown): ReactNode {
  if (value === null || value === undefined) return "";
  return <bdi>{typeof value === "object" ? JSON.stringify(value) : String(value)}</bdi>;
}

const created = (title: Word, options: Options = {}) => time("created_at", { title: t(title), ...options });

function customer(): Column {
  return column("email", (row) => <CustomerLink row={row} />, { title: t("col.customer"), width: 220, phone: true });
}

function CustomerLink({ row }: { row: Row }) {
  if (row.masked || !row.customer_id) return <Person row={row} />;
  return (
    <Anchor component={Link} to={`/customers/${row.customer_id}`} inherit>
      <bdi>{row.email}</bdi>
    </Anchor>
  );
}

// Made when asked for, since their titles are words of the language that is spoken then.
export const COLUMNS = {
  customers: () => [
    email({ width: 300 }),
    time("registered_at"),
    time("last_active_at", { phone: true }),
    count("points"),
    column("consents", (row) => <Chips of={row.consents as Record<string, string>} />),
    text("locale", { hidden: true, width: 90 }),
    text("channel", { hidden: true, width: 110 }),
    gone(),
  ],
  consents: () => [
    email(),
    text("consent", { width: 150 }),
    state({ phone: true }, "status"),
    created("col.when"),
    text("channel", { width: 110 }),
    text("text_version", { width: 120, title: t("col.wording") }),
    flag("current", { hidden: true }),
    gone(),
  ],
  participations: () => [
    email(),
    experience(),
    text("giveaway", { width: 100 }),
    created("col.participated_at", { phone: true }),
    flag("drawn", { hidden: true }),
    mono("ticket", { hidden: true, width: 150 }),
    text("channel", { hidden: true, width: 110 }),
    gone(),
  ],
  winners: () => [
    email(),
    text("prize", { width: 88, phone: true }),
    experience(),
    text("giveaway", { width: 84 }),
    time("participated_at", { hidden: true }),
    created("col.drawn_at"),
    state(),
    time("respond_by", { hidden: true }),
    mono("ticket", { hidden: true, width: 150 }),
    gone(),
  ],
  instant_win_participations: () => [
    email(),
    experience(),
    text("instant_win", { width: 120 }),
    created("col.played_at", { phone: true }),
    flag("won"),
    gone(),
  ],
  instant_win_winners: () => [
    email(),
    text("prize", { width: 100, phone: true }),
    experience(),
    text("instant_win", { width: 120 }),
    created("col.won_at"),
    state(),
    gone(),
  ],
  redemptions: () => [
    email(),
    column("reward_title", (row) => plain(row.reward_title ?? row.reward), { width: 170 }),
    count("cost"),
    experience(),
    created("col.redeemed_at", { phone: true }),
    gone(),
  ],
  transactions: () => [
    email(),
    column(
      "amount",
      (row) => <b className={Number(row.amount) < 0 ? "minus" : "plus"}>{signed(Number(row.amount))}</b>,
      {
        width: 96,
        right: true,
        phone: true,
      },
    ),
    count("balance_after", { width: 120 }),
    column("reason", (row) => (row.masked ? <Masked>{String(row.reason)}</Masked> : plain(row.reason))),
    named("source", { hidden: true }),
    experience(),
    created("col.when"),
    gone(),
  ],
  variables: () => [
    mono("name", { width: 180, phone: true }),
    column("value", (row) => <Json row={row} />, { phone: true }),
    customer(),
    experience(),
    mono("process_instance", { width: 140, hidden: true }),
    named("scope", { width: 110, hidden: true }),
    created("col.created_at"),
    gone(),
  ],
  files: () => [
    customer(),
    column("name", (row) => <FileName row={row} />, { phone: true }),
    text("content_type", { width: 104 }),
    column("size", (row) => (typeof row.size === "number" ? size(row.size) : ""), { width: 96, right: true }),
    state({ hidden: true }),
    experience(),
    created("col.uploaded_at"),
    gone(),
  ],
  coupons: () => [
    code(),
    state({ phone: true }),
    holder(),
    time("issued_at"),
    experience(),
    created("col.added_at", { hidden: true }),
    mono("import_id", { hidden: true, width: 160 }),
    gone(),
  ],
  codes: () => [
    code(),
    count("points"),
    flag("win"),
    state({ phone: true }),
    holder(),
    time("redeemed_at"),
    experience(),
    created("col.added_at", { hidden: true }),
    mono("import_id", { hidden: true, width: 160 }),
    gone(),
  ],
  log: () => [
    column("created_at", (row) => <Time at={row.created_at} as="precise" />, {
      title: t("col.time"),
      width: 190,
      phone: true,
    }),
    column("level", (row) => <Level name={String(row.level)} />, { width: 108 }),
    text("event", { width: 170 }),
    column("message", (row) => <Message row={row} />, { phone: true }),
    experience(),
    column("trace_id", (row) => <Trace id={row.trace_id as string | null} />, { width: 110 }),
  ],
} satisfies Record<string, () => Column[]>;

/** With its state as long as it is not there to be opened. */
function FileName({ row }: { row: Row }) {
  const name = row.masked ? <Masked>{String(row.name)}</Masked> : plain(row.name);
  return (
    <>
      {name} {row.state !== "ready" && <State name={String(row.state)} />}
    </>
  );
}

function code(): Column {
  const show = (row: Row) =>
    row.masked ? <Masked>{String(row.code)}</Masked> : <code className="mono">{plain(row.code)}</code>;
  return column("code", show, { width: 152, phone: true });
}

function holder(): Column {
  const show = (row: Row) => (row.state === "free" ? "" : <Person row={row} />);
  return column("email", show);
}

function Message({ row }: { row: Row }) {
  const times = Number(row.times ?? 1);
  return (
    <>
      {plain(row.message)} {times > 1 && <Tag tone="calm">×{number(times)}</Tag>}
    </>
  );
}

function Trace({ id }: { id: string | null }) {
  if (!id) return null;
  return (
    <Anchor component={Link} to={`/traces/${id}`} className="mono" inherit title={id}>
      {id.slice(0, 8)}
    </Anchor>
  );
}
