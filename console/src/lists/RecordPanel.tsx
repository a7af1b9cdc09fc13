// One record beside its list, with everything that is kept of it.
import { ActionIcon, Button, CloseButton, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useLayoutEffect, useRef } from "react";
import { Link } from "react-router";
import { answer, api } from "../api/client";
import { useKind, useMe } from "../api/queries";
import type { KindName, Row } from "../api/types";
import { useKeys } from "../frame/useKeys";
import { CopyText } from "../parts/CopyText";
import { ErrorState } from "../parts/ErrorState";
import { Fact } from "../parts/Fact";
import { Bin } from "../parts/icons";
import { Loading } from "../parts/Loading";
import { Gone, Time } from "../parts/Time";
import { t, told } from "../words";
import { type About, plain, stateOf } from "./columns";
import { Chips, Level, Masked, State } from "./values";

interface Props {
  kind: KindName;
  id: string;
  known: Row | undefined; // as the list has it
  about: About;
  detail: ((row: Row) => ReactNode) | undefined;
  onClose: () => void;
  onDelete: ((row: Row, bin: HTMLElement) => void) | undefined;
}

export function RecordPanel({ kind, id, known, about, detail, onClose, onDelete }: Props) {
  const panel = useRef<HTMLElement>(null);
  const record = useQuery<Row>({
    queryKey: ["record", kind, id],
    queryFn: async ({ signal }) =>
      (await answer(api.GET("/v1/records/{kind}/{id}", { params: { path: { kind, id } }, signal }))) as unknown as Row,
    ...(known && { placeholderData: known }),
  });
  useKeys({ Escape: onClose });
  useLayoutEffect(() => panel.current?.focus({ preventScroll: true }), []);
  const row = record.data;
  return (
    <aside className="panel" ref={panel} tabIndex={-1} aria-label={told("one", kind)}>
      <div className="panel-head">
        <Title order={2} size="h5">
          {told("one", kind)}
        </Title>
        {row && onDelete && (
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t("list.delete")}
            onClick={(event) => onDelete(row, event.currentTarget)}
          >
            <Bin />
          </ActionIcon>
        )}
        <CloseButton onClick={onClose} aria-label={t("common.close")} />
      </div>
      {record.error ? (
        <ErrorState error={record.error} retry={record.refetch} />
      ) : row ? (
        <>
          {detail?.(row)}
          <Facts kind={kind} row={row} about={about} />
          <ToCustomer kind={kind} row={row} />
        </>
      ) : (
        <Loading />
      )}
    </aside>
  );
}

function Facts({ kind, row, about }: { kind: KindName; row: Row; about: About }) {
  const columns = useKind(kind)?.columns ?? [];
  const names = columns.map((column) => column.name);
  const own = names.filter((name) => !IDS.includes(name));
  return (
    <dl className="facts">
      <Values names={own} kind={kind} row={row} about={about} />
      <Fact title={t("col.created_at")}>
        <Time at={row.created_at} as="moment" />
      </Fact>
      <Fact title={t("col.expires_at")}>
        <Time at={row.expires_at} as="moment" /> (<Gone at={row.expires_at} />)
      </Fact>
      <Fields row={row} />
      <Values names={IDS} kind={kind} row={row} about={about} />
    </dl>
  );
}

function Values({ names, kind, row, about }: { names: readonly string[]; kind: KindName; row: Row; about: About }) {
  const types = new Map(useKind(kind)?.columns.map((column) => [column.name, column.type]));
  const present = names.filter((name) => name !== "fields" && !isNothing(row[name]));
  return present.map((name) => (
    <Fact key={name} title={told("col", name)}>
      <Value name={name} type={types.get(name)} value={row[name]} row={row} about={about} />
    </Fact>
  ));
}

function Fields({ row }: { row: Row }) {
  const fields = Object.entries((row.fields as Record<string, unknown> | null) ?? {});
  return fields.map(([name, value]) => (
    <Fact key={name} title={told("field", name)}>
      {row.masked ? <Masked>{String(value)}</Masked> : plain(value)}
    </Fact>
  ));
}

interface ValueProps {
  name: string;
  type: string | undefined;
  value: unknown;
  row: Row;
  about: About;
}

const IDS = [
  "ticket",
  "draw_id",
  "import_id",
  "trace_id",
  "text_sha256",
  "sha256",
  "process_instance",
  "customer_id",
  "id",
];

function Value({ name, type, value, row, about }: ValueProps): ReactNode {
  if (row.masked && typeof value === "string" && value.includes("•••")) return <Masked>{value}</Masked>;
  if (type === "time") return <Time at={String(value)} as="moment" />;
  if (type === "boolean") return t(value ? "common.yes" : "common.no");
  if (name === "experience") return about.experience(String(value));
  if (name === "state" || name === "status") return <State name={stateOf(row, name)} />;
  if (name === "level") return <Level name={String(value)} />;
  if (name === "consents") return <Chips of={value as Record<string, string>} />;
  if (name === "source" || name === "scope" || name === "method") return told(name, String(value));
  if (IDS.includes(name)) return <CopyText text={String(value)} shown={shortened(String(value))} />;
  if (type === "map" || type === "json") return <pre className="json">{JSON.stringify(value, null, 2)}</pre>;
  return plain(value);
}

/** Sealed ids are long, and nobody reads them: their beginning is shown, the whole is copied. */
function shortened(id: string): string {
  return id.length > 40 ? `${id.slice(0, 16)}…` : id;
}

function isNothing(value: unknown): boolean {
  const isEmpty = typeof value === "object" && value !== null && Object.keys(value).length === 0;
  return value === null || value === undefined || value === "" || isEmpty;
}

function ToCustomer({ kind, row }: { kind: KindName; row: Row }) {
  const me = useMe();
  const opens = me.may("reveal") || me.may("erase");
  if (kind === "customers" || !row.customer_id || !opens) return null;
  return (
    <Button component={Link} to={`/customers/${row.customer_id}`} variant="default" fullWidth mt="md">
      {t("list.to_customer")}
    </Button>
  );
}
