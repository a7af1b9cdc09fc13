// What can be won: of a giveaway a name and how many, of an instant win a name, an id and a stock.
import { ActionIcon, Button } from "@mantine/core";
import { Bin, Plus } from "../parts/icons";
import { t } from "../words";
import { added, asId, type Document, type Json, read, without, written } from "./document";
import { useDraft, Warned } from "./draft";
import { IdField, NumberField, TextField } from "./fields";

export function Prizes({ at, stocked = false }: { at: string; stocked?: boolean }) {
  const { document, change, mayChange } = useDraft();
  const prizes = (read(document, at) as Document[] | undefined) ?? [];
  const fresh: Document = stocked ? { id: "", name: "", stock: 1 } : { name: "", count: 1 };
  return (
    <fieldset className="prizes">
      <legend>{t("editor.prizes")}</legend>
      <Warned at={at} />
      {prizes.map((prize, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: prizes are named by their places, as pointers are
        <Prize key={place} at={`${at}/${place}`} prize={prize} stocked={stocked} />
      ))}
      {mayChange && (
        <Button
          variant="subtle"
          size="xs"
          leftSection={<Plus size={14} />}
          onClick={() => change(added(document, at, fresh))}
        >
          {t("editor.add_prize")}
        </Button>
      )}
    </fieldset>
  );
}

function Prize({ at, prize, stocked }: { at: string; prize: Document; stocked: boolean }) {
  const draft = useDraft();
  const isNew = stocked && !savedIds(draft.saved.document, at).includes(prize.id as Json);
  const change = (document: Json) => {
    const follows = isNew && prize.id === asId(String(prize.name ?? ""));
    const name = String(read(document, `${at}/name`) ?? "");
    draft.change(follows ? written(document, `${at}/id`, asId(name)) : document);
  };
  return (
    <div className="prize">
      <TextField at={`${at}/name`} label={t("editor.field.name")} required onDocument={change} />
      {stocked && <IdField at={`${at}/id`} isNew={isNew} />}
      {stocked ? (
        <NumberField at={`${at}/stock`} label={t("editor.field.stock")} {...leftOf(draft.saved, at, prize)} />
      ) : (
        <NumberField at={`${at}/count`} label={t("editor.field.count")} min={1} />
      )}
      {draft.mayChange && (
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={t("editor.remove", { what: String(prize.name || t("editor.untitled")) })}
          onClick={() => draft.change(without(draft.document, at))}
        >
          <Bin size={16} />
        </ActionIcon>
      )}
    </div>
  );
}

function savedIds(document: Document, at: string): Json[] {
  const list = (read(document, at.replace(/\/\d+$/, "")) as Document[] | undefined) ?? [];
  return list.map(({ id }) => id ?? null);
}

/** How many are left by now, of a prize that was saved. */
function leftOf(saved: ReturnType<typeof useDraft>["saved"], at: string, prize: Document): { hint?: string } {
  const win = String(read(saved.document, `${at.replace(/\/prizes\/\d+$/, "")}/id`));
  const left = saved.stock.instant_wins[win]?.[String(prize.id)];
  return left === undefined ? {} : { hint: t("editor.left", { count: left }) };
}
