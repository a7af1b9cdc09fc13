// Columns of the blocks under Manage: without the experience and the giveaway, which the page has chosen.
import type { Row } from "../api/types";
import { COLUMNS, type Column, email, state, text, time } from "../lists/columns";
import { Time } from "../parts/Time";
import { t } from "../words";
import { isOverdue } from "./states";

const CHOSEN = ["experience", "giveaway", "instant_win"];

function without(columns: readonly Column[], names: readonly string[]): Column[] {
  return columns.filter(({ name }) => !names.includes(name));
}

/** Their slot stands before the address. */
export function winnerColumns(): Column[] {
  const person = email();
  return [
    { ...person, width: 240, show: (row, about) => <Slotted row={row}>{person.show(row, about)}</Slotted> },
    text("prize", { width: 108, phone: true }),
    state({ width: 112 }),
    { ...time("respond_by", { width: 116 }), show: (row) => <AnswerBy row={row} /> },
    time("created_at", { title: t("col.drawn_at"), width: 120 }),
    time("participated_at", { hidden: true }),
    ...without(COLUMNS.winners(), [
      "email",
      "prize",
      "state",
      "respond_by",
      "created_at",
      "participated_at",
      ...CHOSEN,
    ]),
  ];
}

function Slotted({ row, children }: { row: Row; children: React.ReactNode }) {
  return (
    <>
      <span className="slot">{String(row.slot)}</span> {children}
    </>
  );
}

function AnswerBy({ row }: { row: Row }) {
  if (row.state !== "drawn" && row.state !== "notified") return null;
  return (
    <span className={isOverdue(row) ? "soon" : undefined}>
      <Time at={row.respond_by as string | null} />
    </span>
  );
}

export function entryColumns(): Column[] {
  return without(COLUMNS.participations(), CHOSEN).map((column) =>
    column.name === "drawn" ? { ...column, hidden: false, width: 84 } : column,
  );
}

export function playColumns(): Column[] {
  return without(COLUMNS.instant_win_participations(), CHOSEN);
}

export function winColumns(): Column[] {
  return without(COLUMNS.instant_win_winners(), CHOSEN);
}
