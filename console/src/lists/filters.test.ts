import { describe, expect, test } from "vitest";
import { asked, isSearchable, nextDay, read, startOfDay, written } from "./filters";

const BERLIN = "Europe/Berlin";

describe("the address", () => {
  test("keeps two lists of one page apart", () => {
    const search = new URLSearchParams("experience=summer&drawn.email=anna&entries.email=bob");
    expect(read(search, "drawn")).toEqual({ email: "anna" });
    expect(read(search, "")).toEqual({ experience: "summer" });
  });

  test("changes what it is told and leaves the rest", () => {
    const search = new URLSearchParams("experience=summer&email=anna");
    expect(written(search, "", { email: "", state: "free" }).toString()).toBe("experience=summer&state=free");
  });

  test("gives up what an experience narrowed together with the experience", () => {
    const search = new URLSearchParams("experience=summer&name=score&consent=newsletter&state=granted");
    const left = written(written(search, "", { experience: "" }), "", { consent: "" });
    expect(left.toString()).toBe("");
  });
});

describe("the question", () => {
  test("has the page's own filters, and not the record that is open", () => {
    expect(asked({ record: "r1", state: "free" }, { experience: "summer" }, BERLIN, false)).toEqual({
      state: "free",
      experience: "summer",
    });
  });

  test("has whole days of the tenant's zone, the last one included", () => {
    expect(asked({ from: "2026-06-01", to: "2026-06-30" }, {}, BERLIN, false)).toEqual({
      from: "2026-05-31T22:00:00.000Z",
      to: "2026-06-30T22:00:00.000Z",
    });
  });

  test("leaves out a search that the service would refuse", () => {
    expect(asked({ email: "a" }, {}, BERLIN, false)).toEqual({});
    expect(asked({ email: "anna" }, {}, BERLIN, true)).toEqual({});
    expect(asked({ email: "anna@example.com" }, {}, BERLIN, true)).toEqual({ email: "anna@example.com" });
  });
});

test("a day begins when the zone says so, on days on which clocks change, too", () => {
  expect(startOfDay("2026-03-29", BERLIN)).toBe("2026-03-28T23:00:00.000Z");
  expect(startOfDay("2026-03-30", BERLIN)).toBe("2026-03-29T22:00:00.000Z");
  expect(startOfDay("2026-10-25", BERLIN)).toBe("2026-10-24T22:00:00.000Z");
  expect(startOfDay("2026-01-01", "America/New_York")).toBe("2026-01-01T05:00:00.000Z");
  expect(startOfDay("2026-05-21T08:00:00Z", BERLIN)).toBe("2026-05-21T08:00:00Z");
  expect(nextDay("2026-12-31")).toBe("2027-01-01");
});

test("two characters are a search, blanks are none", () => {
  expect([isSearchable("an", false), isSearchable(" a ", false)]).toEqual([true, false]);
});
