// What stands above a list: search, filters, columns, how much is loaded.
import { ActionIcon, Button, Checkbox, CloseButton, Popover, Select, Stack, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useExperiences, useMe } from "../api/queries";
import type { KindName } from "../api/types";
import { useKeys } from "../frame/useKeys";
import { Columns, Search } from "../parts/icons";
import { t, told } from "../words";
import type { Column } from "./columns";
import { type FilterName, isSearchable, STATES } from "./filters";
import type { ListState } from "./useListState";

const TYPING = 250; // milliseconds without a key before a search begins

interface Props {
  kind: KindName;
  filters: readonly FilterName[];
  state: ListState;
  columns: readonly Column[];
  hidden: ReadonlySet<string>;
  onHide: (name: string, hide: boolean) => void;
  amount: string;
  tools?: ReactNode;
}

export function Toolbar({ kind, filters, state, columns, hidden, onHide, amount, tools }: Props) {
  return (
    <search className="toolbar">
      {filters.map((name) => (
        <Filter key={name} name={name} kind={kind} state={state} />
      ))}
      {tools}
      <span className="amount" role="status">
        {amount}
      </span>
      <ColumnChoice columns={columns} hidden={hidden} onHide={onHide} />
    </search>
  );
}

function Filter({ name, kind, state }: { name: FilterName; kind: KindName; state: ListState }) {
  if (name === "email") return <EmailSearch state={state} />;
  if (name === "experience") return <ExperiencePicker state={state} />;
  if (name === "period") return <Period state={state} />;
  if (name === "active_days")
    return <Choice name={name} state={state} values={["60", "90", "180"]} word="active" fallback="60" />;
  if (name === "state") return <StateChoice kind={kind} state={state} />;
  if (name === "level")
    return <Choice name={name} state={state} values={["info", "warning", "error"]} word="level_from" />;
  return <Typed name={name} state={state} />;
}

/** What is typed, in the address once typing pauses; what the address says, when it says something else. */
function useTyped(value: string, change: (value: string) => void) {
  const [typed, setTyped] = useState(value);
  const sent = useRef(value);
  const send = useDebouncedCallback((text: string) => {
    sent.current = text;
    change(text);
  }, TYPING);
  useEffect(() => {
    if (value === sent.current) return;
    sent.current = value;
    setTyped(value);
  }, [value]);
  const type = (text: string) => {
    setTyped(text);
    send(text);
  };
  return [typed, type] as const;
}

function EmailSearch({ state }: { state: ListState }) {
  const whole = !useMe().may("search");
  const [typed, type] = useTyped(state.chosen.email ?? "", (email) => state.change({ email }, true));
  const input = useRef<HTMLInputElement>(null);
  useKeys({ "/": () => input.current?.focus() });
  const missing = typed !== "" && !isSearchable(typed, whole);
  const hint = t(whole ? "search.whole" : "search.hint");
  return (
    <TextInput
      ref={input}
      type="search"
      className="search"
      size="xs"
      aria-label={`${t("search.label")}: ${hint}`}
      placeholder={t(whole ? "search.whole_placeholder" : "search.placeholder")}
      title={hint}
      leftSection={<Search size={15} />}
      rightSection={typed && <CloseButton size="xs" aria-label={t("search.clear")} onClick={() => type("")} />}
      value={typed}
      error={missing && t(whole ? "search.whole" : "search.short")}
      onChange={(event) => type(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === "Escape") input.current?.blur();
      }}
      autoComplete="off"
      spellCheck={false}
    />
  );
}

function ExperiencePicker({ state }: { state: ListState }) {
  const experiences = useExperiences().data ?? [];
  return (
    <Select
      size="xs"
      w={190}
      aria-label={t("filter.experience")}
      placeholder={t("filter.all_experiences")}
      data={experiences.map(({ id, title }) => ({ value: id, label: title }))}
      value={state.chosen.experience ?? null}
      onChange={(experience) => state.change({ experience: experience ?? "" })}
      clearable
      searchable={experiences.length > 8}
      clearButtonProps={{ "aria-label": t("filter.clear") }}
      nothingFoundMessage={t("filter.none")}
    />
  );
}

interface ChoiceProps {
  name: FilterName;
  state: ListState;
  values: readonly string[];
  word: string;
  fallback?: string; // what holds when nothing is chosen
  width?: number;
}

function Choice({ name, state, values, word, fallback, width = 160 }: ChoiceProps) {
  return (
    <Select
      size="xs"
      w={width}
      aria-label={told("filter", name)}
      placeholder={told("filter", name)}
      data={values.map((value) => ({ value, label: told(word, value) }))}
      value={state.chosen[name] ?? fallback ?? null}
      onChange={(value) => state.change({ [name]: value === fallback ? "" : (value ?? "") })}
      clearable={fallback === undefined}
      allowDeselect={fallback === undefined}
      clearButtonProps={{ "aria-label": t("filter.clear") }}
    />
  );
}

/** States of consents are those of one consent. */
function StateChoice({ kind, state }: { kind: KindName; state: ListState }) {
  if (kind === "consents" && !state.chosen.consent) return null;
  return <Choice name="state" state={state} values={STATES[kind] ?? []} word="state" width={140} />;
}

function Typed({ name, state }: { name: FilterName; state: ListState }) {
  const [typed, type] = useTyped(state.chosen[name] ?? "", (value) => state.change({ [name]: value.trim() }, true));
  if (name === "name" && !state.query.experience) return null; // names are an experience's
  return (
    <TextInput
      size="xs"
      w={name === "text" ? 220 : 150}
      aria-label={told("filter", name)}
      placeholder={told("filter", name)}
      value={typed}
      onChange={(event) => type(event.currentTarget.value)}
      autoComplete="off"
      spellCheck={false}
    />
  );
}

/** From one day to another, both in the address. */
export function Period({ state }: { state: Pick<ListState, "chosen" | "change"> }) {
  const { from = "", to = "" } = state.chosen;
  return (
    <Popover position="bottom-start" shadow="md" withArrow>
      <Popover.Target>
        <Button size="xs" variant="default" className={from || to ? "chosen" : undefined}>
          {from || to ? `${from || "…"} – ${to || "…"}` : t("filter.period")}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs">
          <TextInput
            type="date"
            size="xs"
            label={t("filter.from")}
            value={from}
            max={to || undefined}
            onChange={(event) => state.change({ from: event.currentTarget.value })}
          />
          <TextInput
            type="date"
            size="xs"
            label={t("filter.to")}
            value={to}
            min={from || undefined}
            onChange={(event) => state.change({ to: event.currentTarget.value })}
          />
          <Button size="xs" variant="subtle" onClick={() => state.change({ from: "", to: "" })}>
            {t("filter.clear")}
          </Button>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

function ColumnChoice({ columns, hidden, onHide }: Pick<Props, "columns" | "hidden" | "onHide">) {
  return (
    <Popover position="bottom-end" shadow="md">
      <Popover.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={t("list.columns")} title={t("list.columns")}>
          <Columns size={17} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap={8}>
          {columns.map((column, index) => (
            <Checkbox
              key={column.name}
              size="xs"
              label={column.title}
              checked={!hidden.has(column.name)}
              disabled={index === 0}
              onChange={(event) => onHide(column.name, !event.currentTarget.checked)}
            />
          ))}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
