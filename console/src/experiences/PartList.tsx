// The parts of one sort that an experience has: giveaways, instant wins, rewards; each a card that opens, with a name that
// an id is made of while it is new.
import { ActionIcon, Button, Title } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { Bin, Down, Plus, Right } from "../parts/icons";
import { t } from "../words";
import { added, asId, type Document, type Json, read, without, written } from "./document";
import { useDraft, Warned } from "./draft";
import { IdField, TextField } from "./fields";

interface Props {
  member: "giveaways" | "instant_wins" | "rewards";
  title: string;
  none: string;
  add: string;
  fresh: Document; // what a new one says, beside its id and title
  children: (at: string, part: Document) => ReactNode;
}

export function PartList({ member, title, none, add, fresh, children }: Props) {
  const { document, change, mayChange } = useDraft();
  const parts = (read(document, `/${member}`) as Document[] | undefined) ?? [];
  return (
    <section className="editor-section" aria-label={title}>
      <Title order={2} size="h5">
        {title}
      </Title>
      {parts.length === 0 && <p className="dimmed">{none}</p>}
      {parts.map((part, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: parts are named by their places, as pointers are
        <Part key={place} at={`/${member}/${place}`} part={part}>
          {children}
        </Part>
      ))}
      {mayChange && (
        <Button
          variant="default"
          size="xs"
          leftSection={<Plus size={15} />}
          onClick={() => change(added(document, `/${member}`, { id: "", title: "", ...fresh }))}
        >
          {add}
        </Button>
      )}
    </section>
  );
}

function Part({ at, part, children }: { at: string; part: Document; children: Props["children"] }) {
  const { document, saved, wrong, change, mayChange } = useDraft();
  const list = at.replace(/\/\d+$/, "");
  const known = ((read(saved.document, list) as Document[] | undefined) ?? []).map(({ id }) => id);
  const isNew = !known.includes(part.id as Json);
  const [opened, setOpened] = useState(isNew);
  const isWrong = wrong.some((error) => error.pointer?.startsWith(`${at}/`));
  const open = opened || isWrong;
  const name = String(part.title || t("editor.untitled"));
  return (
    <div className="part-card" data-part={at} data-wrong={isWrong || undefined}>
      <div className="part-head">
        <button type="button" className="part-toggle" aria-expanded={open} onClick={() => setOpened(!open)}>
          {open ? <Down size={16} /> : <Right size={16} />}
          <bdi>{name}</bdi> <code className="mono dimmed">{String(part.id)}</code>
        </button>
        {mayChange && (
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t("editor.remove", { what: name })}
            title={t("editor.remove_follows")}
            onClick={() => change(without(document, at))}
          >
            <Bin size={16} />
          </ActionIcon>
        )}
      </div>
      {!open && <Warned at={`${at}/closes_at`} />}
      {open && (
        <div className="part-body">
          <Named at={at} part={part} isNew={isNew} />
          {children(at, part)}
        </div>
      )}
    </div>
  );
}

/** Title and id; of a new part the id follows the title until somebody writes one. */
function Named({ at, part, isNew }: { at: string; part: Document; isNew: boolean }) {
  const draft = useDraft();
  const change = (document: Json) => {
    const title = String(read(document, `${at}/title`) ?? "");
    const follows = isNew && part.id === asId(String(part.title ?? ""));
    draft.change(follows ? written(document, `${at}/id`, asId(title)) : document);
  };
  return (
    <div className="editor-fields">
      <TextField at={`${at}/title`} label={t("editor.field.title")} required onDocument={change} />
      <IdField at={`${at}/id`} isNew={isNew} />
    </div>
  );
}
