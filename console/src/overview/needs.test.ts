import { describe, expect, test } from "vitest";
import type { Overview } from "../api/types";
import { dayAfter, daysBetween, needs } from "./needs";

const RAFFLE = {
  experience: "summer",
  giveaway: "bike",
  title: "E-Bike",
  ends_at: null,
  draw_by: null,
  last_safe_draw: "2030-06-30",
  entries: 0,
  winners: 0,
  unanswered: 0,
};
const QUIET = { today: "2030-06-20", raffles: [], stock: [], failing: [] } as unknown as Overview;
const words = (told: Partial<Overview>) => needs({ ...QUIET, ...told }).map((need) => need.word);

describe("what needs somebody", () => {
  test("is nothing while all is well", () => {
    const stock = [{ experience: "summer", free: 5, issued: 1, low_at: 0, low: false }];
    expect(words({ raffles: [RAFFLE], stock })).toEqual([]);
  });

  test("is a raffle with entries whose last safe day comes, until it was drawn", () => {
    const near = { ...RAFFLE, entries: 3, last_safe_draw: "2030-06-27" };
    expect(words({ raffles: [near] })).toEqual(["overview.need.draw"]);
    expect(words({ raffles: [{ ...near, last_safe_draw: "2030-06-28" }] })).toEqual([]);
    expect(words({ raffles: [{ ...near, last_safe_draw: "2030-06-19" }] })).toEqual(["overview.need.draw_late"]);
    expect(words({ raffles: [{ ...near, winners: 1 }] })).toEqual([]);
  });

  test("is a winner without an answer, coupons that run out, and what fails", () => {
    const stock = [
      { experience: "a", free: 5, issued: 1, low_at: 5, low: true },
      { experience: "b", free: 0, issued: 6, low_at: 0, low: true },
    ];
    const failing = [
      { event: "job", n: 2, more: false },
      { event: "call_failed", n: 25, more: true },
      { webhook: "w1", host: "shop.example", since: null, disabled: true },
    ];
    expect(words({ raffles: [{ ...RAFFLE, winners: 2, unanswered: 2 }], stock, failing })).toEqual([
      "overview.need.winners",
      "overview.need.coupons",
      "overview.need.coupons",
      "overview.need.jobs",
      "overview.need.errors",
      "overview.need.webhook_disabled",
    ]);
  });
});

test("days are counted and followed over the end of a month and a change of clocks", () => {
  expect(dayAfter("2030-03-30", 2)).toBe("2030-04-01");
  expect(daysBetween("2030-03-30", "2030-04-01")).toBe(2);
});
