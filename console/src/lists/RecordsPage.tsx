// A tab that is one list: title, promise, export and delete all around it.
import { Button } from "@mantine/core";
import { useMemo } from "react";
import { Link, useLocation } from "react-router";
import { useKind, useMe } from "../api/queries";
import type { KindName } from "../api/types";
import { DeleteMenu } from "../deleting/DeleteMenu";
import { Page } from "../frame/Page";
import { placeOf } from "../frame/tabs";
import { ExportButton } from "../jobs/ExportButton";
import { Shield } from "../parts/icons";
import { t, told, type Word } from "../words";
import { COLUMNS } from "./columns";
import { type Definition, LISTS, type ListName } from "./definitions";
import { detailOf } from "./details";
import { Empty } from "./Empty";
import { RecordList } from "./RecordList";
import { useListState } from "./useListState";

export function RecordsPage({ name }: { name: ListName }) {
  const { kind, filters, fields }: Definition = LISTS[name];
  const columns = useMemo(() => COLUMNS[kind](), [kind]);
  const detail = useMemo(() => detailOf(kind), [kind]);
  const { pathname } = useLocation();
  const title = t(placeOf(pathname)?.word ?? (`many.${kind}` as Word));
  return (
    <Page title={title} promise={<Promised kind={kind} />} actions={<ListActions kind={kind} />} fills>
      <RecordList
        kind={kind}
        name={told("many", kind)}
        columns={columns}
        filters={filters}
        {...(fields !== undefined && { fields })}
        {...(detail && { detail })}
        empty={<Empty kind={kind} />}
      />
    </Page>
  );
}

/** How long records of a kind are kept, in one line. */
export function Promised({ kind }: { kind: KindName }) {
  const facts = useKind(kind);
  if (!facts) return <>&nbsp;</>;
  return t(facts.since === "creation" ? "promise.creation" : "promise.activity", {
    count: facts.days,
    what: told("since", kind),
  });
}

/** GDPR, export, and in a menu of its own what cannot be undone. */
export function ListActions({ kind, experience }: { kind: KindName; experience?: string }) {
  const me = useMe();
  const state = useListState();
  return (
    <>
      <Button
        component={Link}
        to={`/gdpr?kind=${kind}`}
        variant="subtle"
        color="gray"
        size="xs"
        leftSection={<Shield size={15} />}
      >
        <span className="wide-word">{t("page.gdpr")}</span>
      </Button>
      {me.may("export") && <ExportButton kind={kind} filters={state.query} />}
      <DeleteMenu kind={kind} experience={experience ?? state.query.experience} />
    </>
  );
}
