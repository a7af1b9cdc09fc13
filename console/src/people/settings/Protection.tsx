// How long proofs of consent and receipts are kept.
import { NumberInput } from "@mantine/core";
import { Warning } from "../../parts/icons";
import { t } from "../../words";
import type { Settings } from "./draft";
import type { PartProps } from "./SettingsForm";

export function Protection({ draft, change, problem, readOnly, saved }: PartProps & { saved: Settings }) {
  const shorter = Number(draft.consent_proof_months || 0) < saved.consent_proof_months;
  const steps = {
    incrementAriaLabel: t("settings.more"),
    decrementAriaLabel: t("settings.less"),
  };
  return (
    <div className="columns">
      <div>
        <NumberInput
          label={t("settings.proof_months")}
          description={t("settings.proof_months_lead")}
          min={0}
          max={120}
          allowDecimal={false}
          value={draft.consent_proof_months}
          onChange={(months) => change({ consent_proof_months: months })}
          error={problem?.at("/consent_proof_months")}
          readOnly={readOnly}
          {...steps}
        />
        {shorter && (
          <p className="warn" role="status">
            <Warning size={15} /> {t("settings.proof_shorter")}
          </p>
        )}
      </div>
      <NumberInput
        label={t("settings.receipt_months")}
        description={t("settings.receipt_months_lead")}
        min={1}
        max={120}
        allowDecimal={false}
        value={draft.receipt_months}
        onChange={(months) => change({ receipt_months: months })}
        error={problem?.at("/receipt_months")}
        readOnly={readOnly}
        {...steps}
      />
    </div>
  );
}
