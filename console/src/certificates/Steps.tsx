// Each step of the check with what it found, in plain words: promised, fixed, chance, drawn, places, unchanged.
import { Title } from "@mantine/core";
import type { ReactNode } from "react";
import { CopyText } from "../parts/CopyText";
import { Check, Clock, Close, Dots, Eye, Warning } from "../parts/icons";
import { t } from "../words";
import type { Certificate } from "./form";
import type { Finding, Step, StepName, Verdict } from "./verify";
import { When } from "./When";

const ICONS = { holds: Check, fails: Close, none: Warning, not_asked: Dots, yours: Eye, open: Clock };

export function Steps({ certificate, verdict }: { certificate: Certificate; verdict: Verdict }) {
  return (
    <section>
      <Title order={2} size="h5">
        {t("cert.steps")}
      </Title>
      <ol className="steps">
        {verdict.steps.map((step) => (
          <One key={step.name} step={step} certificate={certificate} />
        ))}
      </ol>
    </section>
  );
}

function One({ step, certificate }: { step: Step; certificate: Certificate }) {
  const Icon = ICONS[findingOf(step)];
  return (
    <li className="step" data-step={step.name} data-finding={findingOf(step)}>
      <span className="step-icon">
        <Icon size={18} />
      </span>
      <div>
        <h3>
          {t(`step.${step.name}`)} <span className="step-finding">{t(`finding.${findingOf(step)}`)}</span>
        </h3>
        {step.refused && (
          <p className="step-refused">
            <strong>{t(`refused.${step.refused}`)}</strong>
          </p>
        )}
        <p>{TOLD[step.name](certificate, step)}</p>
      </div>
    </li>
  );
}

/** That no public value was named is no fault: chance came from what was promised. */
function findingOf({ name, finding }: Step): Finding | "not_asked" {
  return name === "chance" && finding === "none" ? "not_asked" : finding;
}

const TOLD: Record<StepName, (certificate: Certificate, step: Step) => ReactNode> = {
  promise: ({ commitment }) =>
    commitment ? (
      <>
        {t("told.promise")} <When at={commitment.committed_at} />.{" "}
        {t("told.promise_count", { count: commitment.number })} {t("told.promise_compare")}{" "}
        <CopyText text={commitment.sha256} />
      </>
    ) : (
      t("told.promise_none")
    ),
  list: ({ labels }, { finding }) => (
    <>
      {t("told.list", { count: labels.count })} {labels.fixed_at && <When at={labels.fixed_at} />}.{" "}
      {finding === "open" ? t("told.list_open") : t("told.list_compare")} <CopyText text={labels.sha256} />
    </>
  ),
  chance: ({ randomness }, { finding }) => {
    if (!randomness) return t("told.chance_none");
    const { source, named_at, value } = randomness;
    return (
      <>
        {t("told.chance_named", { source })} <When at={named_at} />.{" "}
        {finding === "open" ? t("told.chance_open") : t("told.chance_value", { value: String(value) })}{" "}
        {finding === "yours" && <strong>{t("told.chance_yours", { source })}</strong>}
      </>
    );
  },
  order: ({ labels, drawn, skipped }, { finding }) =>
    finding === "open"
      ? t("told.order_open")
      : [
          t("told.order", { count: labels.count, drawn: drawn.length }),
          ...(skipped.length > 0 ? [t("told.order_skipped", { count: skipped.length })] : []),
        ].join(" "),
  places: ({ drawn }, { finding }) => {
    const replaced = drawn.filter(({ replaces }) => replaces).length;
    if (finding === "open") return t("told.order_open");
    return replaced > 0 ? t("told.places_replaced", { count: replaced }) : t("told.places");
  },
  unchanged: ({ digest }) => (
    <>
      {t("told.unchanged")} <CopyText text={digest} />
    </>
  ),
};
