// How single values look in a cell.
import type { ReactNode } from "react";
import type { Row } from "../api/types";
import { t, told } from "../words";

/** What the service hid from this reader looks hidden, and says who may see it. */
export function Masked({ children }: { children: ReactNode }) {
  return (
    <span className="masked" title={t("user.masked")}>
      {children}
    </span>
  );
}

/** good: came about; wait: something is missing; bad: came to nothing; told: on its way. Everything else is calm. */
export type Tone = "good" | "wait" | "bad" | "told" | "calm";

const TONES: Record<string, Tone> = {
  issued: "good",
  redeemed: "good",
  granted: "good",
  requested: "wait",
  withdrawn: "bad",
  drawn: "good",
  won: "good",
  notified: "told",
  accepted: "good",
  disqualified: "bad",
  checking: "wait",
  ready: "good",
  refused: "bad",
  info: "told",
  warning: "wait",
  error: "bad",
};

/** A small label of a state; colours of all tones are readable in light and dark. */
export function Tag({ tone, children, title }: { tone: Tone; children: ReactNode; title?: string }) {
  return (
    <span className="tag" data-tone={tone} title={title}>
      {children}
    </span>
  );
}

export function State({ name }: { name: string | null | undefined }) {
  return name ? <Tag tone={TONES[name] ?? "calm"}>{told("state", name)}</Tag> : null;
}

export function Level({ name }: { name: string }) {
  return <Tag tone={TONES[name] ?? "calm"}>{told("level", name)}</Tag>;
}

const MARKS: Record<string, string> = { granted: "✓", requested: "…", declined: "–", withdrawn: "×" };

/** Consents as chips: what is granted stands out, the rest has a mark of its state. */
export function Chips({ of }: { of: Record<string, string> | null }) {
  return (
    <span className="chips">
      {Object.entries(of ?? {}).map(([consent, status]) => (
        <Tag key={consent} tone={TONES[status] ?? "calm"} title={`${consent}: ${told("state", status)}`}>
          {consent} <span aria-hidden>{MARKS[status]}</span>
          <span className="sr-only">{told("state", status)}</span>
        </Tag>
      ))}
    </span>
  );
}

/** A variable's value: text as it is, anything else as JSON; of a file its name in the store. */
export function Json({ row }: { row: Row }) {
  if (row.masked) return <Masked>•••</Masked>;
  const value = row.file_url ?? row.value;
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return (
    <code className="mono">
      <bdi title={text}>{text}</bdi>
    </code>
  );
}
