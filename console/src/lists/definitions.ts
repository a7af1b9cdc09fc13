// Which lists are tabs, and what each can be filtered by (the API has a key for every one of them).
import type { KindName } from "../api/types";
import type { FilterName } from "./filters";

export interface Definition {
  kind: KindName;
  filters: readonly FilterName[];
  fields?: number; // columns for personal fields, so many of them from the start
}

export const LISTS = {
  customers: { kind: "customers", filters: ["email", "active_days"], fields: 0 },
  consents: { kind: "consents", filters: ["email", "experience", "consent", "state", "period"] },
  participations: { kind: "participations", filters: ["email", "experience", "period"], fields: 1 },
  winners: { kind: "winners", filters: ["email", "experience", "state", "period"], fields: 1 },
  instant_win_participations: {
    kind: "instant_win_participations",
    filters: ["email", "experience", "period"],
    fields: 1,
  },
  instant_win_winners: { kind: "instant_win_winners", filters: ["email", "experience", "period"], fields: 1 },
  redemptions: { kind: "redemptions", filters: ["email", "experience", "period"], fields: 1 },
  transactions: { kind: "transactions", filters: ["email", "experience", "period"] },
  variables: { kind: "variables", filters: ["email", "experience", "name", "period"] },
  files: { kind: "files", filters: ["email", "experience", "period"] },
  coupons: { kind: "coupons", filters: ["email", "experience", "state", "period"] },
  codes: { kind: "codes", filters: ["email", "experience", "state", "period"] },
} as const satisfies Record<string, Definition>;

export type ListName = keyof typeof LISTS;
