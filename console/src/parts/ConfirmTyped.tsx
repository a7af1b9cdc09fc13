// A button that works only once a word was typed: for what cannot be undone and concerns more than one record.
//   <ConfirmTyped word="consents" verb={t("…")} onConfirm={deleteAll} busy={mutation.isPending} />
import { Button, Group, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { t } from "../words";

interface Props {
  word: string;
  verb: string; // what the button says: the deed, never "OK"
  onConfirm: () => void;
  onCancel?: () => void;
  busy?: boolean;
}

export function ConfirmTyped({ word, verb, onConfirm, onCancel, busy = false }: Props) {
  const [typed, setTyped] = useState("");
  const [tried, setTried] = useState(false);
  const right = typed.trim().toLocaleLowerCase() === word.toLocaleLowerCase();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (right && !busy) onConfirm();
  };
  return (
    <form onSubmit={submit}>
      <TextInput
        label={t("confirm.type", { word: `“${word}”` })}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        error={tried && !right && t("confirm.wrong", { word: `“${word}”` })}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
      />
      <Group mt="md" justify="flex-end">
        {onCancel && (
          <Button variant="default" onClick={onCancel}>
            {t("common.cancel")}
          </Button>
        )}
        <Button type="submit" color="red" loading={busy}>
          {verb}
        </Button>
      </Group>
    </form>
  );
}
