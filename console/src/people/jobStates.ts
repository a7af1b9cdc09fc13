// What the states of a job mean.
import type { Job } from "../api/types";

/** Whether it has not ended. */
export function isOpen(job: Pick<Job, "state">): boolean {
  return ["waiting", "queued", "running"].includes(job.state);
}
