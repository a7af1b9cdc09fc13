// One receipt: what was removed, when and by which role; the person is only a keyed hash in it.
import { Button } from "@mantine/core";
import type { paths } from "../../api/schema";
import { CopyText } from "../../parts/CopyText";
import { Fact } from "../../parts/Fact";
import { Download } from "../../parts/icons";
import { saveAs } from "../../parts/saving";
import { Time } from "../../parts/Time";
import { t, told } from "../../words";
import { Counts } from "../customer/Erase";
import "../people.css";

export type Receipt = paths["/v1/receipts/{id}"]["get"]["responses"][200]["content"]["application/json"];

export function ReceiptFacts({ receipt }: { receipt: Receipt }) {
  const save = () => saveAs(`receipt-${receipt.number}.json`, JSON.stringify([receipt], null, 2), "application/json");
  return (
    <div className="receipt">
      <Counts counts={receipt.counts} />
      <dl className="facts">
        <Fact title={t("receipt.number")}>{receipt.number}</Fact>
        <Fact title={t("receipt.reason")}>{told("receipt_reason", receipt.reason)}</Fact>
        <Fact title={t("receipt.role")}>{receipt.role}</Fact>
        {receipt.kind && <Fact title={t("receipt.kind")}>{told("many", receipt.kind)}</Fact>}
        {receipt.experience && <Fact title={t("col.experience")}>{receipt.experience}</Fact>}
        <Fact title={t("receipt.requested_at")}>
          <Time at={receipt.requested_at} as="moment" />
        </Fact>
        <Fact title={t("receipt.completed_at")}>
          <Time at={receipt.completed_at} as="moment" />
        </Fact>
        <Fact title={t("receipt.kept_until")}>
          <Time at={receipt.kept_until} as="moment" />
        </Fact>
        {receipt.subject && (
          <Fact title={t("receipt.subject")}>
            <Digest text={receipt.subject} />
          </Fact>
        )}
        <Fact title={t("receipt.digest")}>
          <Digest text={receipt.digest} />
        </Fact>
        <Fact title={t("receipt.previous")}>
          <Digest text={receipt.previous} />
        </Fact>
      </dl>
      <Button size="xs" variant="default" leftSection={<Download size={15} />} onClick={save} mt="sm">
        {t("receipt.save")}
      </Button>
    </div>
  );
}

export function Digest({ text }: { text: string }) {
  return <CopyText text={text} shown={`${text.slice(0, 16)}…`} />;
}
