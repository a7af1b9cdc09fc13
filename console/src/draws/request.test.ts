import { expect, test } from "vitest";
import type { Document, Giveaway } from "../promotions/document";
import { bodyOf, missingOf, prizesFor, wantedOf } from "./request";

const GIVEAWAY: Giveaway = {
  id: "bike",
  title: "E-Bike",
  prizes: [
    { name: "E-Bike", count: 1 },
    { name: "Cup", count: 3 },
  ],
};
const DOCUMENT = { closed: true } as Document;
const WANTED = wantedOf(GIVEAWAY, DOCUMENT);

test("a draw begins with as many winners as there are prizes", () => {
  expect(WANTED).toMatchObject({ count: 4, test: false });
  expect(wantedOf(GIVEAWAY, { ...DOCUMENT, closed: false }).test).toBe(true);
  expect(wantedOf({ ...GIVEAWAY, prizes: [] }, DOCUMENT).count).toBe(1);
});

test("prizes go by slot, and who comes after the last gets none", () => {
  expect(prizesFor(GIVEAWAY, 2)).toEqual([
    { name: "E-Bike", count: 1 },
    { name: "Cup", count: 1 },
  ]);
  expect(prizesFor(GIVEAWAY, 6).at(-1)).toEqual({ name: null, count: 2 });
});

test("days become moments of the tenant's zone, the last day included", () => {
  const body = bodyOf({ ...WANTED, from: "2026-06-01", to: "2026-06-30" }, "bike", "Europe/Berlin");
  expect([body.from, body.to]).toEqual(["2026-05-31T22:00:00.000Z", "2026-06-30T22:00:00.000Z"]);
});

test("a test draw waits for no public value", () => {
  expect(bodyOf({ ...WANTED, source: " Lotto " }, "bike", "UTC").public_randomness).toEqual({ source: "Lotto" });
  expect(bodyOf({ ...WANTED, source: "Lotto", test: true }, "bike", "UTC").public_randomness).toBeNull();
});

test("what is missing is named", () => {
  expect(missingOf(WANTED, false)).toBeUndefined();
  expect(missingOf(WANTED, true)).toBe("to");
  expect(missingOf({ ...WANTED, test: true }, true)).toBeUndefined();
  expect(missingOf({ ...WANTED, count: 990, alternates: 11 }, false)).toBe("too_many");
});
