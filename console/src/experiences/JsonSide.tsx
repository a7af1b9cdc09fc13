// The document as JSON, for whoever would rather write it: what is no JSON is said, and changes nothing.
import { Textarea } from "@mantine/core";
import { useState } from "react";
import { t } from "../words";
import { type Document, same } from "./document";
import { useDraft } from "./draft";

export function JsonSide() {
  const { document, change, mayChange } = useDraft();
  const [text, setText] = useState(() => JSON.stringify(document, null, 2));
  const [wrong, setWrong] = useState<string>();
  const type = (typed: string) => {
    setText(typed);
    try {
      const parsed = JSON.parse(typed) as Document;
      if (!same(parsed, document)) change(parsed);
      setWrong(undefined);
    } catch (error) {
      setWrong(t("editor.not_json", { reason: (error as Error).message }));
    }
  };
  return (
    <Textarea
      label={t("editor.as_json")}
      classNames={{ input: "mono json-side" }}
      autosize
      minRows={20}
      spellCheck={false}
      value={text}
      error={wrong}
      readOnly={!mayChange}
      onChange={(event) => type(event.currentTarget.value)}
    />
  );
}
