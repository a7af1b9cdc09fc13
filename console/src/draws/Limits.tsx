// The rarer wishes: entries of a period, fewer winners if there are too few, a value from outside that nobody knows yet.
import { Checkbox, TextInput, UnstyledButton } from "@mantine/core";
import { useState } from "react";
import { Down, Right } from "../parts/icons";
import { t } from "../words";
import type { FormPart } from "./DrawForm";

const TODAY = () => new Date().toISOString().slice(0, 10);

export function Limits(props: FormPart & { isOpen: boolean }) {
  const { wanted, missing, isOpen } = props;
  const needed = missing === "to" || (isOpen && !wanted.test);
  const [shown, setShown] = useState(false);
  const all = shown || needed;
  return (
    <div>
      <UnstyledButton className="draw-more" aria-expanded={all} onClick={() => setShown(!all)}>
        {all ? <Down size={15} /> : <Right size={15} />} {t("draw.more")}
      </UnstyledButton>
      {all && <Fields {...props} />}
    </div>
  );
}

function Fields({ wanted, change, missing, isOpen }: FormPart & { isOpen: boolean }) {
  return (
    <div className="draw-limits">
      <div className="draw-numbers">
        <TextInput
          type="date"
          label={t("draw.from")}
          value={wanted.from}
          max={wanted.to || undefined}
          onChange={(event) => change({ from: event.currentTarget.value })}
        />
        <TextInput
          type="date"
          label={t("draw.to")}
          value={wanted.to}
          min={wanted.from || undefined}
          max={isOpen ? TODAY() : undefined}
          onChange={(event) => change({ to: event.currentTarget.value })}
          error={missing === "to" && t("draw.to_missing")}
        />
      </div>
      <Checkbox
        label={t("draw.fewer")}
        checked={wanted.allowFewer}
        onChange={(event) => change({ allowFewer: event.currentTarget.checked })}
      />
      {!wanted.test && (
        <TextInput
          label={t("draw.public")}
          description={t("draw.public_hint")}
          placeholder={t("draw.public_example")}
          value={wanted.source}
          onChange={(event) => change({ source: event.currentTarget.value })}
          maxLength={500}
        />
      )}
    </div>
  );
}
