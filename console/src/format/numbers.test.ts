import { expect, test } from "vitest";
import { signed, size } from "./numbers";

test("changes have a sign, and minus is no hyphen", () => {
  expect([signed(50), signed(-5), signed(0)]).toEqual(["+50", "−5", "0"]);
});

test("sizes have the unit that reads best", () => {
  expect([size(0), size(999), size(1400), size(20_000_000)]).toEqual(["0 byte", "999 byte", "1.4 kB", "20 MB"]);
});
