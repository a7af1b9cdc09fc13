// Bringing coupons or codes in, on any page that shows an experience: drop a file on the page or choose one, see what
// would come of each line, take it; the history and example files.
//   <Imports kind="coupons" experience="summer" />
import { Button, FileButton } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import { useExperienceTitle, useMe } from "../api/queries";
import { Upload } from "../parts/icons";
import { t } from "../words";
import { manyOf } from "../words/nouns";
import { Examples } from "./Examples";
import { useDrop } from "./useDrop";
import { type ImportKind, useImporting } from "./useImporting";
import "./imports.css";

const ImportDialog = lazy(() => import("./ImportDialog"));
const History = lazy(() => import("./History"));

export const ACCEPTED = ".csv,.txt,.tsv,.xlsx";

export function Imports({ kind, experience }: { kind: ImportKind; experience: string }) {
  const may = useMe().may("import");
  const title = useExperienceTitle()(experience);
  const importing = useImporting(kind, experience);
  const [past, setPast] = useState(false);
  const check = (file: File | null) => file && void importing.begin(file, true);
  const free = may && !importing.isOpen && !past;
  const hovering = useDrop(free ? check : undefined);
  return (
    <div className="imports">
      {may && (
        <FileButton onChange={check} accept={ACCEPTED} resetRef={undefined as never}>
          {(props) => (
            <Button {...props} size="xs" leftSection={<Upload size={15} />}>
              {t("imports.upload")}
            </Button>
          )}
        </FileButton>
      )}
      <Examples kind={kind} />
      <Button size="xs" variant="default" onClick={() => setPast(true)}>
        {t("imports.history")}
      </Button>
      {hovering && (
        <div className="drop-here" aria-hidden>
          <strong>{t("imports.drop", { what: manyOf(kind), experience: title })}</strong>
          <span>{t("imports.drop_lead")}</span>
        </div>
      )}
      <Suspense>
        {importing.isOpen && <ImportDialog kind={kind} experience={experience} importing={importing} />}
        {past && <History kind={kind} experience={experience} onClose={() => setPast(false)} />}
      </Suspense>
    </div>
  );
}
