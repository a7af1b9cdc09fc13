// A moment of theatre: the letters of each ticket roll until they stand, then it is known whose it is. Whoever wants
// less motion, or skips, sees all at once; whoever listens hears them once, together.
import { Button } from "@mantine/core";
import { useReducedMotion } from "@mantine/hooks";
import { useEffect, useState } from "react";
import type { Row } from "../api/types";
import { Masked } from "../lists/values";
import { t } from "../words";

export interface Card {
  key: string;
  slot: number;
  ticket: string;
  prize: string | null;
  person: Row | null; // nobody in a test draw
}

const EACH = 1500; // milliseconds that a ticket rolls
const WHOLE = 9000; // at most, for all
const TICK = 60;
const LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ";

export function Theatre({ cards, told }: { cards: readonly Card[]; told: string }) {
  const calm = useReducedMotion(undefined, { getInitialValueInEffect: false });
  const [passed, skip] = useClock(cards.length, calm);
  const each = Math.min(EACH, WHOLE / Math.max(1, cards.length));
  const over = passed >= each * cards.length;
  return (
    <div className="theatre">
      <div className="theatre-head">
        <strong>{told}</strong>
        {!over && (
          <Button size="compact-sm" variant="subtle" onClick={skip}>
            {t("draw.skip")}
          </Button>
        )}
      </div>
      <ol className="stage" data-over={over || undefined}>
        {cards.map((card, at) => (
          <Ticket key={card.key} card={card} rolled={(passed - at * each) / each} passed={passed} />
        ))}
      </ol>
      <p className="sr-only" role="status">
        {over ? `${told} ${cards.map(spoken).join("; ")}` : ""}
      </p>
    </div>
  );
}

function spoken({ slot, person, ticket, prize }: Card): string {
  return [`${slot}: ${person ? nameOf(person) : ticket}`, prize].filter(Boolean).join(", ");
}

/** Milliseconds since the curtain rose, and how to end it. */
function useClock(count: number, calm: boolean): [number, () => void] {
  const [passed, setPassed] = useState(calm ? Number.POSITIVE_INFINITY : 0);
  const running = passed < WHOLE + EACH && count > 0;
  useEffect(() => {
    if (!running) return;
    const start = performance.now();
    const timer = setInterval(() => setPassed(performance.now() - start), TICK);
    return () => clearInterval(timer);
  }, [running]);
  return [passed, () => setPassed(Number.POSITIVE_INFINITY)];
}

const LOOKS = {
  waiting: ({ ticket }: Card) => ticket.replace(/[^-]/g, "·"),
  rolling: ({ ticket, slot }: Card, rolled: number, passed: number) => rolling(ticket, rolled, passed + slot * 1000),
  known: ({ ticket }: Card) => ticket,
};

/** `rolled`: below 0 it waits, up to 1 its letters roll and stand one after the other. */
function Ticket({ card, rolled, passed }: { card: Card; rolled: number; passed: number }) {
  const state = rolled >= 1 ? "known" : rolled >= 0 ? "rolling" : "waiting";
  return (
    <li className="stub" data-state={state} aria-hidden={state !== "known" || undefined}>
      <span className="stub-slot">{card.slot}</span>
      <span className="stub-who">
        {state === "known" ? <Who card={card} /> : card.person && <span className="stub-name">&nbsp;</span>}
        <code className="stub-ticket">{LOOKS[state](card, rolled, passed)}</code>
      </span>
      <span className="stub-prize">{state === "known" ? card.prize : ""}</span>
    </li>
  );
}

function Who({ card: { person } }: { card: Card }) {
  if (!person) return null;
  const name = nameOf(person);
  return <span className="stub-name">{person.masked ? <Masked>{name}</Masked> : <bdi>{name}</bdi>}</span>;
}

function nameOf(row: Row): string {
  const { firstname, lastname } = (row.fields as Record<string, unknown> | null) ?? {};
  const name = row.masked ? "" : [firstname, lastname].filter(Boolean).join(" ");
  return [name, row.email ?? t("value.erased")].filter(Boolean).join(" · ");
}

function rolling(ticket: string, rolled: number, passed: number): string {
  const standing = Math.floor(Math.max(0, rolled) * ticket.length);
  const any = (at: number) => LETTERS[Math.floor(passed / TICK + at * 7 + at ** 3) % LETTERS.length] ?? "";
  return [...ticket].map((letter, at) => (letter === "-" || at < standing ? letter : any(at))).join("");
}
