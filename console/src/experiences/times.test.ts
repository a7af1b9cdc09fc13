import { expect, test } from "vitest";
import { fromLocal, toLocal } from "./times";

test("a moment is shown and typed in the zone of the tenant, over the change of clocks", () => {
  for (const [moment, local] of [
    ["2026-05-31T22:00:00.000Z", "2026-06-01T00:00"],
    ["2026-03-29T00:30:00.000Z", "2026-03-29T01:30"],
    ["2026-03-29T01:30:00.000Z", "2026-03-29T03:30"],
    ["2026-12-31T23:00:00.000Z", "2027-01-01T00:00"],
  ] as const) {
    expect(toLocal(moment, "Europe/Berlin")).toBe(local);
    expect(fromLocal(local, "Europe/Berlin")).toBe(moment);
  }
  expect(toLocal("no time", "Europe/Berlin")).toBe("");
});
