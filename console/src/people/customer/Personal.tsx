// Who it is: what was told at sign-in, and the fields that chats collected.
import { Button } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import { useMe } from "../../api/queries";
import { plain } from "../../lists/columns";
import { Masked } from "../../lists/values";
import { CopyText } from "../../parts/CopyText";
import { Fact } from "../../parts/Fact";
import { t, told } from "../../words";
import { Section } from "../Section";
import type { Whole } from "./useCustomer";

const Rectify = lazy(() => import("./Rectify"));

export function Personal({ whole }: { whole: Whole }) {
  const me = useMe();
  const [correcting, setCorrecting] = useState(false);
  const { customer } = whole;
  const fields = Object.entries((customer.fields ?? {}) as Record<string, unknown>);
  const correct = (
    <Button size="xs" variant="default" onClick={() => setCorrecting(true)}>
      {t("rectify.open")}
    </Button>
  );
  return (
    <Section title={t("customer.personal")} actions={me.may("rectify") && correct}>
      <dl className="facts">
        <Fact title={t("col.email")}>
          {customer.masked ? <Masked>{customer.email}</Masked> : <CopyText text={customer.email ?? ""} />}
        </Fact>
        {customer.email_verified !== null && (
          <Fact title={t("col.email_verified")}>{t(customer.email_verified ? "common.yes" : "common.no")}</Fact>
        )}
        {fields.map(([name, value]) => (
          <Fact key={name} title={told("field", name)}>
            {customer.masked ? <Masked>{String(value)}</Masked> : plain(value)}
          </Fact>
        ))}
        {customer.locale && <Fact title={t("col.locale")}>{plain(customer.locale)}</Fact>}
        {customer.channel && <Fact title={t("col.channel")}>{told("channel", customer.channel)}</Fact>}
        <Fact title={t("col.id")}>
          <CopyText text={customer.id} />
        </Fact>
      </dl>
      {fields.length === 0 && <p className="dimmed">{t("customer.no_fields")}</p>}
      {correcting && (
        <Suspense>
          <Rectify customer={customer} onClose={() => setCorrecting(false)} />
        </Suspense>
      )}
    </Section>
  );
}
