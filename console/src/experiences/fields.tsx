// The inputs of the form, each for the member at a JSON pointer: with the server's word on it when it is refused, and its
// warning when it is not.
import { NumberInput, Select, Switch, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import { useMe } from "../api/queries";
import { zoneName } from "../format/times";
import { t, told } from "../words";
import { type Json, read, written } from "./document";
import { useDraft, useWarning } from "./draft";
import { fromLocal, toLocal } from "./times";

interface Props {
  at: string;
  label: string;
  hint?: string;
  onDocument?: (document: Json) => void; // instead of changing the draft itself
}

/** What every input needs: its value, how to change it, what is wrong with it. */
function useField({ at, label, hint, onDocument }: Props) {
  const { document, change, wrong, mayChange } = useDraft();
  const warning = useWarning(at);
  const under: ReactNode = warning ? <span className="field-warning">{warning}</span> : hint;
  return {
    value: read(document, at),
    set: (value: Json) => (onDocument ?? change)(written(document, at, value)),
    shown: {
      label,
      description: under,
      error: wrong.find((error) => error.pointer === at)?.detail,
      readOnly: !mayChange,
      "data-pointer": at,
    },
    mayChange,
  };
}

const BELOW = ["label", "input", "description", "error"] as const;
const ORDER = { inputWrapperOrder: [...BELOW] };

export function TextField(props: Props & { required?: boolean }) {
  const { value, set, shown } = useField(props);
  return (
    <TextInput
      {...shown}
      {...ORDER}
      withAsterisk={props.required ?? false}
      value={typeof value === "string" ? value : ""}
      onChange={(event) => set(event.currentTarget.value || (props.required ? "" : null))}
      autoComplete="off"
    />
  );
}

export function NumberField(props: Props & { min?: number; scale?: number; empty?: boolean }) {
  const { value, set, shown } = useField(props);
  const scale = props.scale ?? 1;
  return (
    <NumberInput
      {...shown}
      {...ORDER}
      value={typeof value === "number" ? value / scale : ""}
      onChange={(typed) => set(typed === "" ? (props.empty ? null : 0) : Math.round(Number(typed) * scale))}
      min={props.min ?? 0}
      allowDecimal={scale > 1}
      allowNegative={false}
      hideControls
      thousandSeparator=" "
    />
  );
}

/** A moment in the tenant's time zone. */
export function TimeField(props: Props) {
  const { value, set, shown } = useField(props);
  const zone = useMe().time_zone;
  return (
    <TextInput
      type="datetime-local"
      {...shown}
      {...ORDER}
      label={`${props.label} (${zoneName()})`}
      value={typeof value === "string" ? toLocal(value, zone) : ""}
      onChange={(event) => set(event.currentTarget.value ? fromLocal(event.currentTarget.value, zone) : null)}
    />
  );
}

export function DayField(props: Props) {
  const { value, set, shown } = useField(props);
  return (
    <TextInput
      type="date"
      {...shown}
      {...ORDER}
      value={typeof value === "string" ? value : ""}
      onChange={(event) => set(event.currentTarget.value || null)}
    />
  );
}

export function ChoiceField(props: Props & { values: readonly string[]; words: string; fallback: string }) {
  const { value, set, shown, mayChange } = useField(props);
  return (
    <Select
      {...shown}
      {...ORDER}
      data={props.values.map((one) => ({ value: one, label: told(props.words, one) }))}
      value={typeof value === "string" ? value : props.fallback}
      onChange={(one) => one && set(one)}
      allowDeselect={false}
      comboboxProps={{ withinPortal: true }}
      readOnly={!mayChange}
    />
  );
}

export function SwitchField(props: Props) {
  const { value, set, shown, mayChange } = useField(props);
  const { readOnly: _, ...rest } = shown;
  return (
    <Switch
      {...rest}
      checked={value === true}
      onChange={(event) => mayChange && set(event.currentTarget.checked)}
      aria-readonly={!mayChange || undefined}
    />
  );
}

/** A list of short texts, separated by commas. */
export function TextsField(props: Props) {
  const { value, set, shown } = useField(props);
  const { wrong } = useDraft();
  const refused = wrong.find((error) => error.pointer?.startsWith(props.at))?.detail;
  return (
    <TextInput
      {...shown}
      {...ORDER}
      error={refused}
      defaultValue={Array.isArray(value) ? value.join(", ") : ""}
      onBlur={(event) => set(split(event.currentTarget.value))}
    />
  );
}

function split(text: string): string[] {
  return text
    .split(",")
    .map((one) => one.trim())
    .filter(Boolean);
}

/** An id: free while the part is new, afterwards what records are named by. */
export function IdField({ at, isNew }: { at: string; isNew: boolean }) {
  const { value, set, shown } = useField({
    at,
    label: t("editor.field.id"),
    ...(isNew && { hint: t("editor.field.id_hint") }),
  });
  return (
    <TextInput
      {...shown}
      {...ORDER}
      readOnly={shown.readOnly || !isNew}
      variant={isNew ? "default" : "filled"}
      classNames={{ input: "mono" }}
      value={typeof value === "string" ? value : ""}
      onChange={(event) => set(event.currentTarget.value)}
      autoComplete="off"
      spellCheck={false}
    />
  );
}
