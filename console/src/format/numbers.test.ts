import { expect, test } from "vitest";
import { signed, size } from "./numbers";

test("changes have a sign, and minus is no hyphen", () => {
  expect([signed(50), signed(-5), signed(0)]).toEqual(["+50", "−5", "0"]);
});

test("sizes have the unit that reads best", () => {
  expect([0, 1, 999, 1400, 20_000_000].map(size)).toEqual(["0 bytes", "1 byte", "999 bytes", "1.4 kB", "20 MB"]);
});
