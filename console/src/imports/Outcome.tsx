// What came of a file: of a check what would come of it, with the button that takes it; line by line below.
import { Button, Select, Text } from "@mantine/core";
import { useEffect, useState } from "react";
import { useMe } from "../api/queries";
import type { Job } from "../api/types";
import { number } from "../format/numbers";
import { useAway } from "../jobs/away";
import { download } from "../jobs/deeds";
import { reason } from "../parts/ErrorState";
import { Download } from "../parts/icons";
import { useDeed } from "../parts/useDeed";
import { t, told } from "../words";
import { manyOf } from "../words/nouns";
import { Another, Foot } from "./ImportDialog";
import { ReportTable } from "./ReportTable";
import type { Importing, Reading } from "./useImporting";

export interface Result {
  lines: number;
  added: number;
  already_there: number;
  twice_in_file: number;
  invalid: number;
  encoding?: string;
  separator?: string;
  sheet?: string;
  other_sheets?: number;
}

export const RESULTS = ["added", "already_there", "twice_in_file", "invalid"] as const;

export function Outcome({ job, importing }: { job: Job; importing: Importing }) {
  const result = job.result as unknown as Result;
  const isDry = job.dry_run === true;
  const getting = useDeed(() => download(job.id));
  const { putAway } = useAway();
  useEffect(() => putAway(job.id), [putAway, job.id]); // seen here
  return (
    <>
      <p className="import-headline" role="status">
        {t(isDry ? "imports.would_add" : "imports.added", { count: result.added, lines: number(result.lines) })}
      </p>
      <Found result={result} importing={isDry ? importing : undefined} />
      <ReportTable job={job} result={result} />
      {getting.error && (
        <Text className="failure" role="alert" size="sm">
          {reason(getting.error)}
        </Text>
      )}
      <Foot>
        {job.file_until && (
          <Button
            variant="default"
            leftSection={<Download size={15} />}
            loading={getting.isPending}
            onClick={() => getting.run()}
          >
            {t("imports.report")}
          </Button>
        )}
        <Another importing={importing} />
        {isDry ? <Take job={job} result={result} importing={importing} /> : <Done importing={importing} />}
      </Foot>
      {isDry && !importing.file && <Text size="sm">{t("imports.choose_again")}</Text>}
    </>
  );
}

function Done({ importing }: { importing: Importing }) {
  return (
    <Button onClick={importing.close} data-autofocus>
      {t("common.close")}
    </Button>
  );
}

/** The same file once more, read the same way. */
function Take({ job, result, importing }: { job: Job; result: Result; importing: Importing }) {
  const { file, begin } = importing;
  const may = useMe().may("import");
  if (!file || !may || result.added === 0) return <Done importing={importing} />;
  return (
    <Button onClick={() => begin(file, false, readingOf(result))}>
      {t("imports.take", { count: result.added, what: manyOf(job.kind ?? "") })}
    </Button>
  );
}

function readingOf({ separator, encoding }: Result): Reading {
  return { ...(separator && { separator }), ...(encoding && { encoding }) } as Reading;
}

const SEPARATORS = [";", ",", "\t", "|"];
const ENCODINGS = ["utf-8", "utf-16", "cp1252"];

/** How the file was read; changing it checks anew. */
function Found({ result, importing }: { result: Result; importing: Importing | undefined }) {
  const [opened, setOpened] = useState(false);
  if (result.sheet) {
    const sheet = t("imports.sheet", { sheet: result.sheet });
    return (
      <p className="dimmed import-found">
        {result.other_sheets ? `${sheet} ${t("imports.other_sheets", { count: result.other_sheets })}` : sheet}
      </p>
    );
  }
  const file = importing?.file;
  const anew = (reading: Reading) => file && void importing?.begin(file, true, { ...readingOf(result), ...reading });
  return (
    <div className="dimmed import-found">
      {t("imports.read_as", {
        encoding: told("encoding", result.encoding ?? ""),
        separator: told("separator", result.separator ?? ""),
      })}{" "}
      {file && !opened && (
        <Button size="compact-xs" variant="subtle" onClick={() => setOpened(true)}>
          {t("imports.read_otherwise")}
        </Button>
      )}
      {file && opened && (
        <div className="import-reading">
          <Select
            size="xs"
            label={t("imports.separator")}
            data={SEPARATORS.map((value) => ({ value, label: told("separator", value) }))}
            value={result.separator ?? null}
            onChange={(separator) => separator && anew({ separator } as Reading)}
          />
          <Select
            size="xs"
            label={t("imports.encoding")}
            data={ENCODINGS.map((value) => ({ value, label: told("encoding", value) }))}
            value={result.encoding ?? null}
            onChange={(encoding) => encoding && anew({ encoding } as Reading)}
          />
        </div>
      )}
    </div>
  );
}
