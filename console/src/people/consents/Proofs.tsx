// Proofs of consent of one person: read when somebody asks, since that is noted; to look at and to take along.
import { Anchor, Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { Link } from "react-router";
import { answer, api } from "../../api/client";
import { State } from "../../lists/values";
import { reason } from "../../parts/ErrorState";
import { Fact } from "../../parts/Fact";
import { Download } from "../../parts/icons";
import { saveAs } from "../../parts/saving";
import { Time } from "../../parts/Time";
import { t, told } from "../../words";

type Of = { email: string } | { customer_id: string };

interface Proof {
  consent: string | null;
  status: string | null;
  text: string | null;
  text_version: string | null;
  channel: string | null;
  method: string | null;
  recorded_at: string | null;
  kept_until: string;
}

interface Found {
  months: number;
  items: Proof[];
}

export function Proofs({ of, consent }: { of: Of; consent?: string }) {
  const reading = useMutation({
    mutationFn: async () =>
      (await answer(api.POST("/v1/consent-proofs", { body: { email: null, customer_id: null, ...of } }))) as Found,
  });
  const { data, error } = reading;
  if (data) return <Read found={only(data, consent)} />;
  return (
    <>
      <Button size="xs" variant="default" loading={reading.isPending} onClick={() => reading.mutate()}>
        {t("consent.show_proof")}
      </Button>
      <p className="dimmed small">{t("consent.proof_noted")}</p>
      {error && (
        <p className="failure" role="alert">
          {reason(error)}
        </p>
      )}
    </>
  );
}

function only(found: Found, consent: string | undefined): Found {
  return consent ? { ...found, items: found.items.filter((proof) => proof.consent === consent) } : found;
}

function Read({ found }: { found: Found }) {
  if (found.months === 0)
    return (
      <p role="status">
        {t("consent.proof_off")}{" "}
        <Anchor component={Link} to="/settings" inherit underline="always">
          {t("nav.settings")}
        </Anchor>
      </p>
    );
  if (found.items.length === 0) return <p role="status">{t("consent.no_proof")}</p>;
  const save = () => saveAs("consent-proofs.json", JSON.stringify(found, null, 2), "application/json");
  return (
    <div role="status">
      {found.items.map((proof) => (
        <OneProof key={`${proof.recorded_at} ${proof.consent} ${proof.status}`} proof={proof} />
      ))}
      <Button size="xs" variant="default" leftSection={<Download size={15} />} onClick={save}>
        {t("consent.save_proof")}
      </Button>
    </div>
  );
}

function OneProof({ proof }: { proof: Proof }) {
  return (
    <div className="proof">
      <p>
        <bdi>{proof.consent}</bdi> <State name={proof.status} />
      </p>
      <dl className="facts">
        <Fact title={t("col.recorded_at")}>
          <Time at={proof.recorded_at} as="moment" />
        </Fact>
        {proof.channel && <Fact title={t("col.channel")}>{told("channel", proof.channel)}</Fact>}
        {proof.method && <Fact title={t("col.method")}>{told("method", proof.method)}</Fact>}
        {proof.text_version && <Fact title={t("col.text_version")}>{proof.text_version}</Fact>}
        <Fact title={t("consent.kept_until")}>
          <Time at={proof.kept_until} as="moment" />
        </Fact>
      </dl>
      {proof.text && <blockquote>{proof.text}</blockquote>}
    </div>
  );
}
