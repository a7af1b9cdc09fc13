// What came of all steps, in one sentence; read out when it is known.
import { Title } from "@mantine/core";
import { Check, Clock, Close, Warning } from "../parts/icons";
import { t } from "../words";
import type { Certificate } from "./form";
import type { Verdict } from "./verify";

const ICONS = { valid: Check, invalid: Close, unfinished: Clock, incomplete: Warning };

export function VerdictBanner({ certificate, verdict }: { certificate: Certificate; verdict: Verdict }) {
  const { outcome } = verdict;
  const Icon = ICONS[outcome];
  return (
    <section className="verdict" data-outcome={outcome} role="status">
      <span className="verdict-icon">
        <Icon size={30} />
      </span>
      <div>
        <Title order={2} size="h4">
          {t(`cert.outcome.${outcome}`)}
        </Title>
        <p>{sentence(certificate, verdict)}</p>
      </div>
    </section>
  );
}

function sentence(certificate: Certificate, { outcome, steps }: Verdict): string {
  if (outcome === "invalid") {
    const wrong = steps.find(({ finding }) => finding === "fails");
    return wrong ? t("cert.fails_at", { step: t(`step.${wrong.name}`) }) : "";
  }
  if (outcome === "valid" && !certificate.commitment) return t("cert.valid_uncommitted");
  return t(`cert.lead.${outcome}`, { count: certificate.labels.count });
}
