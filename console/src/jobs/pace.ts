// How often a job is asked after. Pure, so that it can be tested.
import type { Job } from "../api/types";

const SECOND = 1000;
const MINUTE = 60 * SECOND;

export function isOpen({ state }: Pick<Job, "state">): boolean {
  return state === "waiting" || state === "queued" || state === "running";
}

/** Milliseconds until the next question, given for how long nothing moved; false once there is nothing to wait for. */
export function pace(job: Pick<Job, "state"> | undefined, quiet: number): number | false {
  if (!job || !isOpen(job)) return false;
  if (quiet < 10 * SECOND) return SECOND;
  if (quiet < MINUTE) return 3 * SECOND;
  return quiet < 5 * MINUTE ? 6 * SECOND : 20 * SECOND;
}

/** How far it is, from 0 to 100; undefined while nobody knows. */
export function percent({ done, total }: Pick<Job, "done" | "total">): number | undefined {
  return total ? Math.min(100, Math.floor((done / total) * 100)) : undefined;
}
