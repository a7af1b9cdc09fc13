// The third way to delete: all records of a kind, of one experience or of all. The dialog says what goes and what stays,
// offers the file first, wants the name typed; then it shows the removal until its receipt is there.
import { Button, Collapse, Modal } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "../api/client";
import { useExperienceTitle, useMe } from "../api/queries";
import type { KindName } from "../api/types";
import ExportForm from "../jobs/ExportForm";
import { useStarted } from "../jobs/following";
import "../jobs/jobs.css";
import { useListState } from "../lists/useListState";
import { ConfirmTyped } from "../parts/ConfirmTyped";
import { ErrorState } from "../parts/ErrorState";
import { useDeed } from "../parts/useDeed";
import { t, told, type Word } from "../words";
import { manyOf } from "../words/nouns";
import { Removal } from "./Removal";
import { useAmount } from "./useAmount";

export interface DeleteAllProps {
  kind: KindName;
  experience: string | undefined;
  onClose: () => void;
}

export default function DeleteAll({ kind, experience, onClose }: DeleteAllProps) {
  const title = useExperienceTitle();
  const of = kind === "customers" ? undefined : experience;
  const cache = useQueryClient();
  const started = useStarted();
  const deletion = useDeed(
    () => deleteAll(kind, of),
    ({ job }) => Promise.all([cache.resetQueries({ queryKey: ["records"] }), cache.invalidateQueries(), started(job)]),
  );
  const words = { what: manyOf(kind), experience: title(of) };
  const asked = of ? t("delete_all.title_of", words) : t("delete_all.title", words);
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={deletion.data ? t("delete_all.done", words) : asked}
      closeButtonProps={{ "aria-label": t("common.close") }}
      classNames={{ header: "delete-all-head" }}
    >
      {deletion.data ? (
        <Removal started={deletion.data} onClose={onClose} />
      ) : (
        <>
          <Consequences kind={kind} experience={of} />
          {deletion.error && <ErrorState error={deletion.error} />}
          <ConfirmTyped
            word={told("many", kind)}
            verb={t("delete_all.verb", words)}
            busy={deletion.isPending}
            onConfirm={() => deletion.run()}
            onCancel={onClose}
          />
        </>
      )}
    </Modal>
  );
}

function Consequences({ kind, experience }: { kind: KindName; experience: string | undefined }) {
  const me = useMe();
  const amount = useAmount(kind, experience);
  const others = Object.keys(useListState().chosen).filter((name) => name !== "experience" || kind === "customers");
  const [exporting, setExporting] = useState(false);
  const filters = experience ? { experience } : kind === "customers" ? { active_days: "180" } : {};
  return (
    <>
      <p className="delete-all-amount">{amount}</p>
      <ul className="delete-all-facts">
        <li>{t("delete_all.at_once")}</li>
        <li>{t(`delete_all.stays.${kind}` as Word)}</li>
        {kind !== "customers" && !experience && <li>{t("delete_all.everywhere")}</li>}
        {others.length > 0 && <li>{t("delete_all.filters")}</li>}
        <li>{t("delete_all.final")}</li>
      </ul>
      {me.may("export") && (
        <div className="delete-all-export">
          <Button variant="default" size="xs" aria-expanded={exporting} onClick={() => setExporting(!exporting)}>
            {t("delete_all.export_first")}
          </Button>
          <Collapse expanded={exporting}>
            {exporting && (
              <div className="delete-all-form">
                <ExportForm kind={kind} filters={filters} onClose={() => setExporting(false)} />
              </div>
            )}
          </Collapse>
        </div>
      )}
    </>
  );
}

function deleteAll(kind: KindName, experience: string | undefined) {
  const query = { confirm: kind, ...(experience && { experience }) };
  return answer(api.DELETE("/v1/records/{kind}", { params: { path: { kind }, query } }));
}
