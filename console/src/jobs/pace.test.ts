import { expect, test } from "vitest";
import { pace, percent } from "./pace";

test("a job is asked after less and less while nothing moves, and not at all once it ended", () => {
  const running = { state: "running" } as const;
  const waits = [0, 20_000, 120_000, 600_000].map((quiet) => pace(running, quiet));
  expect(waits).toEqual([...waits].sort((a, b) => Number(a) - Number(b)));
  expect(new Set(waits).size).toBe(4);
  expect([pace({ state: "done" }, 0), pace({ state: "failed" }, 0), pace(undefined, 0)]).toEqual([false, false, false]);
});

test("progress is known once there is a total, and never more than all", () => {
  expect([percent({ done: 3, total: null }), percent({ done: 1, total: 3 }), percent({ done: 9, total: 3 })]).toEqual([
    undefined,
    33,
    100,
  ]);
});
