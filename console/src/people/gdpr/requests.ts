// Which jobs are requests of persons that somebody still waits for, and until when.
import type { Job } from "../../api/types";
import { isOpen } from "../../jobs/pace";

export function isUnsettled(job: Job): boolean {
  if (job.type === "erasure") return isOpen(job) || job.state === "failed";
  if (job.type !== "package" || job.state === "cancelled") return false;
  const used = (job.result as { link_used_at?: string | null } | null)?.link_used_at;
  return isOpen(job) || job.state === "failed" || (job.state === "done" && Boolean(job.file_until) && !used);
}

/** A month after it was asked for, on the same day or the last one of that month (Art. 12(3) GDPR). */
export function due(asked: string): string {
  const at = new Date(asked);
  const month = at.getUTCMonth() + 1;
  const last = new Date(Date.UTC(at.getUTCFullYear(), month + 1, 0)).getUTCDate();
  at.setUTCDate(Math.min(at.getUTCDate(), last));
  at.setUTCMonth(month);
  return at.toISOString();
}
