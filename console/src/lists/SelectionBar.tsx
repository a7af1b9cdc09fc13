// What can be done with the rows that were selected: at most 500 at once, one call each, with progress.
import { Button, CloseButton, Progress } from "@mantine/core";
import { type ReactNode, useState } from "react";
import type { KindName } from "../api/types";
import { deleteOne } from "../deleting/deleteOne";
import { reason } from "../parts/ErrorState";
import { t, told } from "../words";
import { useForget } from "./useRecords";

const MOST = 500;

interface Props {
  kind: KindName;
  selected: ReadonlySet<string>;
  onSelect: (ids: ReadonlySet<string>) => void;
  tools?: ((ids: readonly string[], clear: () => void) => ReactNode) | undefined;
}

export function SelectionBar({ kind, selected, onSelect, tools }: Props) {
  const [asking, setAsking] = useState(false);
  const work = useDeletion(kind, onSelect);
  if (selected.size === 0) return null;
  const tooMany = selected.size > MOST;
  return (
    <div className="selection" role="status">
      <span>{t("list.selected", { count: selected.size })}</span>
      {tools?.([...selected], () => onSelect(new Set()))}
      {work.progress !== undefined ? (
        <Progress className="selection-progress" value={work.progress} aria-label={t("list.deleting")} />
      ) : asking ? (
        <>
          <strong>{t("list.delete_selected", { count: selected.size, what: told("many", kind) })}</strong>
          <Button size="compact-sm" variant="default" onClick={() => setAsking(false)} data-autofocus autoFocus>
            {t("delete.keep")}
          </Button>
          <Button size="compact-sm" color="red" onClick={() => work.run([...selected]).finally(() => setAsking(false))}>
            {t("list.delete")}
          </Button>
        </>
      ) : (
        <Button size="compact-sm" variant="default" onClick={() => setAsking(true)} disabled={tooMany}>
          {tooMany ? t("list.too_many", { count: MOST }) : t("list.delete")}
        </Button>
      )}
      {work.failure && <span className="failure">{work.failure}</span>}
      <CloseButton size="sm" aria-label={t("list.unselect")} onClick={() => onSelect(new Set())} />
    </div>
  );
}

function useDeletion(kind: KindName, onSelect: (ids: ReadonlySet<string>) => void) {
  const forget = useForget();
  const [progress, setProgress] = useState<number>();
  const [failure, setFailure] = useState<string>();
  const run = async (ids: string[]) => {
    const left = new Set(ids);
    setFailure(undefined);
    try {
      for (const id of ids) {
        setProgress(((ids.length - left.size) / ids.length) * 100);
        await deleteOne(kind, id);
        left.delete(id);
        forget(kind, [id]);
      }
    } catch (error) {
      setFailure(reason(error));
    }
    setProgress(undefined);
    onSelect(left);
  };
  return { progress, failure, run };
}
