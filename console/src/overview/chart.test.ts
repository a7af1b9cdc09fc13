import { expect, test } from "vitest";
import type { Overview } from "../api/types";
import { daysOf, top } from "./chart";

test("every day is there once, in order, with nothing where nothing was", () => {
  const series = {
    participations: [["2030-05-21", 3]],
    instant_win_participations: [["2030-05-20", 2]],
    customers: [["2030-04-01", 9]],
  };
  const overview = { series, today: "2030-05-21", days: 3 } as unknown as Overview;
  expect(daysOf(overview)).toEqual([
    { day: "2030-05-19", entries: 0, plays: 0, customers: 0 },
    { day: "2030-05-20", entries: 0, plays: 2, customers: 0 },
    { day: "2030-05-21", entries: 3, plays: 0, customers: 0 },
  ]);
});

test("the axis ends on a round number above all values", () => {
  expect([[], [3], [5], [11], [40], [41], [390]].map(top)).toEqual([4, 4, 6, 20, 40, 60, 400]);
});
