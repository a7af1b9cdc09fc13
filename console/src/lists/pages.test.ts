import { expect, test } from "vitest";
import type { Row } from "../api/types";
import { arrivals, fruitless, unique } from "./pages";

const row = (id: string): Row => ({ id, created_at: "", expires_at: "", masked: false, customer_id: null });
const page = (...ids: string[]) => ({ items: ids.map(row), next: "more" });

test("a row that moved between two pages is shown once, at its first place", () => {
  expect(unique([page("a", "b"), page("b", "c")]).map((one) => one.id)).toEqual(["a", "b", "c"]);
});

test("pages without a row are counted from the last that had one", () => {
  expect([fruitless([]), fruitless([page("a"), page(), page()]), fruitless([page(), page("a")])]).toEqual([0, 2, 0]);
});

test("new is what stands before the first row that is known", () => {
  const known = ["c", "d"].map(row);
  expect(arrivals(["a", "b", "c"].map(row), known)).toBe(2);
  expect(arrivals(["c", "d"].map(row), known)).toBe(0);
  expect(arrivals([], known)).toBe(0);
});
