// Which columns a reader does not want, kept for each list on this device.
import { useMemo, useState } from "react";
import type { Column } from "./columns";

type Choice = Record<string, boolean>; // name → hidden

export function useHiddenColumns(list: string, columns: readonly Column[]) {
  const key = `afterchat.columns.${list}`;
  const [choice, setChoice] = useState<Choice>(() => JSON.parse(localStorage.getItem(key) ?? "{}"));
  const hidden = useMemo(
    () => new Set(columns.filter((column) => choice[column.name] ?? column.hidden).map((column) => column.name)),
    [columns, choice],
  );
  const hide = (name: string, hides: boolean) => {
    const next = { ...choice, [name]: hides };
    localStorage.setItem(key, JSON.stringify(next));
    setChoice(next);
  };
  return { hidden, hide };
}
