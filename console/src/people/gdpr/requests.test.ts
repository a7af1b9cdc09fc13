import { expect, test } from "vitest";
import type { Job } from "../../api/types";
import { due, isUnsettled } from "./requests";

const job = (told: Partial<Job>): Job =>
  ({
    id: "1",
    type: "package",
    state: "done",
    done: 1,
    total: 1,
    created_at: "",
    by: "",
    result: {},
    error: null,
    file_until: "2026-12-01T00:00:00Z",
    ...told,
  }) as Job;

test("a month later is the same day, or the last one of a shorter month", () => {
  expect(due("2026-05-21T08:00:00.000Z")).toBe("2026-06-21T08:00:00.000Z");
  expect(due("2026-01-31T08:00:00.000Z")).toBe("2026-02-28T08:00:00.000Z");
  expect(due("2026-12-31T23:00:00.000Z")).toBe("2027-01-31T23:00:00.000Z");
});

test("a package waits until its link was used, an erasure until it is done", () => {
  expect(isUnsettled(job({}))).toBe(true);
  expect(isUnsettled(job({ result: { link_used_at: "2026-05-21T08:00:00Z" } as never }))).toBe(false);
  expect(isUnsettled(job({ file_until: null }))).toBe(false);
  expect(["running", "failed", "done"].map((state) => isUnsettled(job({ type: "erasure", state } as never)))).toEqual([
    true,
    true,
    false,
  ]);
  expect(isUnsettled(job({ type: "export", state: "running" }))).toBe(false);
});
