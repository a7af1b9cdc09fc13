import { beforeAll, describe, expect, test } from "vitest";
import { speak } from "../words";
import { DAY, isSoon, left, moment, setZone, told, whole } from "./times";

const NOW = Date.parse("2026-05-21T08:00:00Z");
const ago = (ms: number) => new Date(NOW - ms).toISOString();
const ahead = (ms: number) => ago(-ms);

beforeAll(async () => {
  Object.assign(globalThis, { document: { documentElement: {} } });
  await speak("en");
  setZone("Europe/Berlin");
});

describe("a time", () => {
  test("is relative within a day and absolute from then on", () => {
    expect(told(ago(20_000), NOW)).toBe("just now");
    expect(told(ago(5 * 60_000), NOW)).toBe("5 min ago");
    expect(told(ago(DAY - 1), NOW)).toBe("23 h ago");
    expect(told(ago(DAY), NOW)).toBe("20 May, 10:00");
    expect(told(ago(365 * DAY), NOW)).toBe("21 May 2025, 10:00");
  });

  test("in the future is absolute", () => {
    expect(told(ahead(60_000), NOW)).toBe("21 May, 10:01");
  });

  test("follows the tenant's zone, not the browser's, over the change of clocks", () => {
    expect(moment("2026-03-29T00:30:00Z")).toBe("29 Mar 2026, 01:30");
    expect(moment("2026-03-29T01:30:00Z")).toBe("29 Mar 2026, 03:30");
  });

  test("has its whole truth at hand: zone and UTC", () => {
    expect(whole("2026-05-21T08:00:00Z")).toBe("21 May 2026, 10:00:00 CEST · 2026-05-21T08:00:00Z");
  });
});

describe("what is left of a record", () => {
  test("is told in days, at the end in hours and minutes", () => {
    expect(left(ahead(12 * DAY + 5), NOW)).toBe("in 12 d");
    expect(left(ahead(DAY), NOW)).toBe("in 24 h");
    expect(left(ahead(90_000), NOW)).toBe("in 2 min");
    expect(left(ago(1), NOW)).toBe("now");
  });

  test("is soon in the last three days", () => {
    expect([isSoon(ahead(3 * DAY), NOW), isSoon(ahead(3 * DAY - 1), NOW)]).toEqual([false, true]);
  });
});
