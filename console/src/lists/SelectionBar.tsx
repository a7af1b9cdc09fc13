// What can be done with the rows that were selected: at most 500 at once, one call each, with progress; what fails stays
// selected and is told.
import { Button, CloseButton, Progress } from "@mantine/core";
import { useState } from "react";
import { useMe } from "../api/queries";
import type { KindName, Row } from "../api/types";
import { t, told } from "../words";
import { type Bulk, useBulk } from "./useBulk";

const MOST = 500;

interface Props {
  kind: KindName;
  rows: readonly Row[];
  selected: ReadonlySet<string>;
  more: boolean; // rows that match and were not loaded
  onSelect: (ids: ReadonlySet<string>) => void;
}

export function SelectionBar({ kind, rows, selected, more, onSelect }: Props) {
  const [asking, setAsking] = useState(false);
  const bulk = useBulk(kind, rows, selected, onSelect);
  if (selected.size === 0) return null;
  const tooMany = selected.size > MOST;
  return (
    <div className="selection" role="status">
      <span>{t("list.selected", { count: selected.size })}</span>
      {bulk.progress !== undefined ? (
        <Progress className="selection-progress" value={bulk.progress} aria-label={bulk.doing} />
      ) : asking ? (
        <Asked kind={kind} bulk={bulk} count={selected.size} onDone={() => setAsking(false)} />
      ) : tooMany ? (
        <span>{t("list.too_many", { count: MOST })}</span>
      ) : (
        <Deeds kind={kind} bulk={bulk} onDelete={() => setAsking(true)} />
      )}
      {bulk.told && <span>{bulk.told}</span>}
      {bulk.failure && (
        <span className="failure" role="alert">
          {bulk.failure}
        </span>
      )}
      {more && <small className="dimmed">{t("select.loaded")}</small>}
      <CloseButton size="sm" aria-label={t("list.unselect")} onClick={() => onSelect(new Set())} />
    </div>
  );
}

function Deeds({ kind, bulk, onDelete }: { kind: KindName; bulk: Bulk; onDelete: () => void }) {
  const me = useMe();
  const wins = kind === "winners" || kind === "instant_win_winners";
  return (
    <>
      {wins && me.may("draw") && (
        <Button size="compact-sm" variant="default" onClick={bulk.notify}>
          {t("select.notify")}
        </Button>
      )}
      {me.may("export") && (
        <Button size="compact-sm" variant="default" onClick={bulk.export}>
          {t("select.export")}
        </Button>
      )}
      {me.may("delete_one") && (
        <Button size="compact-sm" variant="default" onClick={onDelete}>
          {t("list.delete")}
        </Button>
      )}
    </>
  );
}

function Asked({ kind, bulk, count, onDone }: { kind: KindName; bulk: Bulk; count: number; onDone: () => void }) {
  return (
    <>
      <strong>{t("list.delete_selected", { count, what: told("many", kind) })}</strong>
      <Button size="compact-sm" variant="default" onClick={onDone} data-autofocus autoFocus>
        {t("delete.keep")}
      </Button>
      <Button size="compact-sm" color="red" onClick={() => bulk.delete().finally(onDone)}>
        {t("list.delete")}
      </Button>
    </>
  );
}
