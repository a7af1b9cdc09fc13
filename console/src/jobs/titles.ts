// What a job does, and what came of it, in words.
import type { Job } from "../api/types";
import { number, size } from "../format/numbers";
import { t, told, type Word } from "../words";
import { manyOf } from "../words/nouns";
import { contents } from "./contents";

type Titles = (experience: string) => string;

export function titleOf(job: Job, title: Titles): string {
  if (job.type === "import") {
    const word: Word = job.dry_run ? "job.check" : "job.import";
    return t(word, { file: job.file_name ?? manyOf(job.kind ?? "") });
  }
  if (job.type === "package") return told("job.package", job.purpose ?? "access");
  const what = job.kind ? contents(job.kind, filtersOf(job), title) : job.experience ? title(job.experience) : "";
  const known = told("job", job.type);
  return what ? `${known}: ${what}` : known;
}

export function filtersOf(job: Job): Record<string, string> {
  return { ...(job.experience && { experience: job.experience }), ...job.filters };
}

/** What came of it in one line; the error has its own words. */
export function resultOf(job: Job): string {
  const result = (job.result ?? {}) as Record<string, number>;
  if (job.type === "export" && job.state === "done")
    return [
      t("result.rows", { count: result.rows ?? 0 }),
      told("format", job.format ?? ""),
      size(result.bytes ?? 0),
    ].join(" · ");
  if (job.type === "import" && job.state === "done") return importResult(result, job.dry_run === true);
  if (job.type === "take_back" && job.state === "done")
    return t("result.taken_back", { removed: number(result.removed ?? 0), given: number(result.given ?? 0) });
  if (job.type === "purge" && job.state === "done") return t("result.removed", { count: result.rows ?? job.done });
  return "";
}

export function importResult(result: Record<string, number>, isDry: boolean): string {
  const counted = (["already_there", "twice_in_file", "invalid"] as const).filter((name) => result[name]);
  return [
    t(isDry ? "result.would_add" : "result.added", { count: result.added ?? 0 }),
    ...counted.map((name) => `${number(result[name] ?? 0)} ${told("line", name)}`),
  ].join(" · ");
}

/** How far it is, in words. */
export function progressOf(job: Job): string {
  if (job.state === "running" && job.type === "import")
    return job.total
      ? t("progress.lines", { done: number(job.done), total: number(job.total) })
      : t("progress.reading");
  if (job.state === "running" && job.done > 0 && job.type !== "export")
    return t("progress.removed", { count: job.done });
  return told("job_state", job.state);
}
