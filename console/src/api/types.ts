// The rows and answers of the API by the names of the product. `schema.ts` is generated from /v1/openapi.json.
import type { components, paths } from "./schema";

type Schemas = components["schemas"];

export const KINDS = [
  "customers",
  "consents",
  "participations",
  "winners",
  "instant_win_participations",
  "instant_win_winners",
  "redemptions",
  "transactions",
  "variables",
  "files",
  "coupons",
  "codes",
  "log",
] as const;
export type KindName = (typeof KINDS)[number];

/** A row of a kind; `RowOf<"winners">` has its columns, `Row` what all have and the rest by name. */
export type RowOf<K extends KindName> = Schemas[K];
export interface Row {
  id: string;
  created_at: string;
  expires_at: string;
  masked: boolean;
  customer_id: string | null;
  email?: string | null;
  experience?: string | null;
  [column: string]: unknown;
}

type Success<P extends keyof paths, M extends "get" | "post"> = paths[P] extends {
  [Key in M]: { responses: { 200: { content: { "application/json": infer Body } } } };
}
  ? Body
  : never;

export type Me = Success<"/v1/me", "get">;
export type Config = Success<"/v1/config", "get">;
export type Job = Success<"/v1/jobs/{id}", "get">;
export type Experience = Success<"/v1/experiences", "get">["items"][number];

/** What `GET /v1/me` answers in `can`. */
export type Verb =
  | "read"
  | "search"
  | "reveal"
  | "delete_one"
  | "import"
  | "draw"
  | "experiences"
  | "export"
  | "erase"
  | "package"
  | "rectify"
  | "proofs"
  | "receipts"
  | "audit"
  | "gdpr_settings"
  | "delete_all"
  | "settings"
  | "keys"
  | "webhooks"
  | "collect";

export interface KindFacts {
  name: KindName;
  title: string;
  days: number;
  since: "last activity" | "creation";
  columns: { name: string; title: string; type: string; masked: boolean }[];
  filters: string[];
}

export type Overview = Success<"/v1/overview", "get">;
export type Trace = Success<"/v1/traces/{id}", "get">;
