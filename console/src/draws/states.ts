// What becomes of a winner, and what may follow (chalicelib/promotions/winner_states.py).
import type { Row } from "../api/types";

export const CHANGES = ["notified", "accepted", "declined"] as const;
export type Change = (typeof CHANGES)[number];

const NEXT: Record<string, readonly Change[]> = {
  drawn: ["notified", "accepted", "declined"],
  notified: ["accepted", "declined"],
  accepted: ["declined"],
  declined: ["accepted"],
};

export function nextOf(row: Row): readonly Change[] {
  return NEXT[String(row.state)] ?? [];
}

/** Somebody else may still get the slot. */
export function isReplaceable(row: Row): boolean {
  return String(row.state) in NEXT;
}

export function isOverdue(row: Row, now = Date.now()): boolean {
  const waits = row.state === "drawn" || row.state === "notified";
  return waits && typeof row.respond_by === "string" && Date.parse(row.respond_by) < now;
}

/** What the certificate will say of a winner who is replaced now. */
export function whyReplaced(row: Row): "gone" | "declined" | "no_answer" | "disqualified" {
  if (!row.customer_id) return "gone";
  if (row.state === "declined") return "declined";
  return isOverdue(row) ? "no_answer" : "disqualified";
}
