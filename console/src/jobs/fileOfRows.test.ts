import { expect, test } from "vitest";
import type { Row } from "../api/types";
import { csv, guarded, jsonl } from "./fileOfRows";

const row = (more: object) =>
  ({ id: "1", created_at: "2026-05-21T08:00:00Z", expires_at: "", masked: false, customer_id: null, ...more }) as Row;

test("maps are columns of their names, and cells are quoted where they have to be", () => {
  const rows = [row({ email: "a@b.de", fields: { city: 'Bad "Ems"; x' } }), row({ fields: { zip: "01067" } })];
  const [head, first, second] = csv(["email", "fields"], rows, ";").slice(1).split("\r\n");
  expect(head).toBe("created_at;expires_at;customer_id;email;fields.city;fields.zip");
  expect(first).toBe('2026-05-21T08:00:00Z;;;a@b.de;"Bad ""Ems""; x";');
  expect(second).toBe("2026-05-21T08:00:00Z;;;;;01067");
});

test("nothing in a cell is computed, and phone numbers stay what they are", () => {
  expect(["=1+1", "@SUM(A1)", " =1", "-1-1", "\tx"].map(guarded)).toEqual([
    "'=1+1",
    "'@SUM(A1)",
    "' =1",
    "'-1-1",
    "'\tx",
  ]);
  expect(["+49 351 4960123", "-5", "-1.234,50", "Anna"].map(guarded)).toEqual([
    "+49 351 4960123",
    "-5",
    "-1.234,50",
    "Anna",
  ]);
});

test("JSONL has the rows as they are", () => {
  expect(JSON.parse(jsonl([row({ points: 5 })]))).toMatchObject({ points: 5, customer_id: null });
});
