// More about one consent: the wording that was shown, and the proof that outlives the customer.
import { useMe } from "../../api/queries";
import type { Row } from "../../api/types";
import { CopyText } from "../../parts/CopyText";
import { Fact } from "../../parts/Fact";
import { Time } from "../../parts/Time";
import { t, told } from "../../words";
import { Proofs } from "./Proofs";
import "../people.css";

interface Props {
  row: Row;
  facts?: boolean; // where nothing else around shows them
}

export default function ConsentDetail({ row, facts = false }: Props) {
  const me = useMe();
  const text = row.text as string | null | undefined;
  return (
    <div className="consent-detail">
      {facts && <Facts row={row} />}
      <h3>{t("consent.wording")}</h3>
      {text ? (
        <blockquote lang={String(row.locale ?? "")}>{text}</blockquote>
      ) : (
        <p className="dimmed">{missing(row)}</p>
      )}
      {row.customer_id && me.may("proofs") && (
        <>
          <h3>{t("consent.proof")}</h3>
          <Proofs of={{ customer_id: row.customer_id }} consent={String(row.consent)} />
        </>
      )}
    </div>
  );
}

/** A withdrawal needs no wording; the rest had one, which comes with the single record. */
function missing(row: Row): string {
  if (row.text === undefined && row.text_sha256) return t("common.loading");
  return t("consent.no_wording");
}

const TIMES = ["requested_at", "confirmed_at", "recorded_at"] as const;

function Facts({ row }: { row: Row }) {
  return (
    <dl className="facts">
      {row.method !== null && <Fact title={t("col.method")}>{told("method", String(row.method))}</Fact>}
      {TIMES.filter((name) => row[name]).map((name) => (
        <Fact key={name} title={t(`col.${name}`)}>
          <Time at={String(row[name])} as="moment" />
        </Fact>
      ))}
      {typeof row.text_sha256 === "string" && (
        <Fact title={t("col.text_sha256")}>
          <CopyText text={row.text_sha256} shown={`${row.text_sha256.slice(0, 16)}…`} />
        </Fact>
      )}
    </dl>
  );
}
