// The editor around the document: what changed, saving, conflicts, closing.
import { Alert, SegmentedControl } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type Dispatch, type SetStateAction, useState } from "react";
import { Problem, type WrongValue } from "../api/problem";
import { useMe } from "../api/queries";
import { ErrorState } from "../parts/ErrorState";
import { t } from "../words";
import { Conflict } from "./Conflict";
import { type Document, read, same } from "./document";
import { type Draft, DraftProvider } from "./draft";
import { Form } from "./Form";
import { JsonSide } from "./JsonSide";
import { Leaving } from "./Leaving";
import { SaveBar } from "./SaveBar";
import { readExperience, type Saved, useSave } from "./useExperience";
import "./editor.css";

export function Editor({ saved }: { saved: Saved }) {
  const work = useEditing(saved);
  const [side, setSide] = useState("form");
  const { draft } = work;
  return (
    <DraftProvider draft={draft}>
      <div className="editor">
        {!draft.mayChange && <Alert color="gray">{t("editor.read_only")}</Alert>}
        {saved.closed && <Alert color="gray">{t("editor.is_closed")}</Alert>}
        <SegmentedControl
          size="xs"
          value={side}
          onChange={setSide}
          data={[
            { value: "form", label: t("editor.form") },
            { value: "json", label: t("editor.json") },
          ]}
        />
        {work.theirs && (
          <Conflict theirs={work.theirs} onTake={work.take} onKeep={work.overwrite} busy={work.isSaving} />
        )}
        {work.problem && <Refused problem={work.problem} wrong={draft.wrong} retry={work.save} />}
        {side === "form" ? <Form key={work.round} /> : <JsonSide key={work.round} />}
        <SaveBar work={work} />
        {work.unsaved && <Leaving title={String(draft.document.title)} />}
      </div>
    </DraftProvider>
  );
}

/** What a field shows is counted here; everything else is told here. */
function Refused({ problem, wrong, retry }: { problem: Problem; wrong: readonly WrongValue[]; retry: () => void }) {
  const isOfFields = problem.status === 422 && problem.errors.some((error) => error.pointer);
  if (!isOfFields) return <ErrorState error={problem} retry={retry} />;
  if (wrong.length === 0) return null;
  return (
    <Alert color="red" role="alert" title={t("editor.problems", { count: wrong.length })}>
      <ul className="problems">
        {wrong.map((error) => (
          <li key={error.pointer}>
            <code className="mono">{error.pointer}</code> {error.detail}
          </li>
        ))}
      </ul>
    </Alert>
  );
}

export type Editing = ReturnType<typeof useEditing>;

function useEditing(saved: Saved) {
  const [document, change] = useState<Document>(saved.document);
  const [round, setRound] = useState(0);
  const [theirs, setTheirs] = useState<Saved>();
  const saving = useSave(saved.id);
  const cache = useQueryClient();
  const mayChange = useMe().may("experiences");
  /** From another version: fields that keep what is typed themselves are made anew. */
  const begin = (from: Document) => {
    change(from);
    setRound(round + 1);
    setTheirs(undefined);
    saving.reset();
  };
  const takeOver = (now: Saved) => {
    cache.setQueryData(["experience", saved.id], now);
    begin(now.document);
  };
  const go = (from: Document) => {
    change(from);
    setTheirs(undefined);
  };
  const put = (etag: string) =>
    saving.mutate(
      { document, etag },
      {
        onSuccess: (now) => go(now.document),
        onError: (error) => {
          if (isConflict(error)) void readExperience(saved.id).then(setTheirs);
        },
      },
    );
  const problem = saving.error instanceof Problem && !isConflict(saving.error) ? saving.error : undefined;
  const draft: Draft = {
    ...{ document, saved, mayChange },
    wrong: stillWrong(problem, saving.variables?.document, document),
    change: change as Dispatch<SetStateAction<unknown>>,
  };
  return {
    ...{ draft, problem, theirs, round },
    unsaved: !same(saved.document, document),
    isSaving: saving.isPending,
    save: () => put(saved.etag),
    overwrite: () => theirs && put(theirs.etag),
    take: () => theirs && takeOver(theirs),
    discard: () => (theirs ? takeOver(theirs) : begin(saved.document)),
  };
}

/** What was refused and not touched since; another part in its place is another matter. */
function stillWrong(problem: Problem | undefined, refused: Document | undefined, now: Document): WrongValue[] {
  if (!problem || !refused) return [];
  return problem.errors.filter(({ pointer }) => {
    if (!pointer) return false;
    const id = `${/^\/\w+\/\d+/.exec(pointer)?.[0] ?? ""}/id`;
    return same(read(refused, pointer), read(now, pointer)) && same(read(refused, id), read(now, id));
  });
}

function isConflict(error: unknown): boolean {
  return error instanceof Problem && (error.status === 412 || error.status === 428);
}
