// A person by the whole address: what is held now, and what was erased before.
import { Button, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Problem } from "../../api/problem";
import { useMe } from "../../api/queries";
import type { Row } from "../../api/types";
import { isSearchable } from "../../lists/filters";
import { readRecords } from "../../lists/useRecords";
import { reason } from "../../parts/ErrorState";
import { t } from "../../words";
import type { Receipt } from "../receipts/ReceiptFacts";
import { receiptsOf } from "../receipts/SearchReceipts";
import { Section } from "../Section";
import { Held } from "./Held";

export interface Found {
  email: string;
  person: Row | undefined;
  receipts: readonly Receipt[] | undefined; // undefined: this reader may not see them
}

export function LookUp() {
  const [email, setEmail] = useState("");
  const [tried, setTried] = useState(false);
  const may = useMe().may("receipts");
  const looking = useMutation({ mutationFn: (address: string) => lookUp(address, may) });
  const whole = isSearchable(email, true);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (whole && !looking.isPending) looking.mutate(email.trim());
  };
  const problem = looking.error instanceof Problem ? looking.error : undefined;
  return (
    <Section title={t("gdpr.look_up")} lead={t("gdpr.look_up_lead")}>
      <search>
        <form onSubmit={submit} className="one-line" noValidate>
          <TextInput
            label={t("col.email")}
            type="email"
            autoComplete="off"
            spellCheck={false}
            value={email}
            onChange={({ currentTarget }) => setEmail(currentTarget.value)}
            error={problem ? reason(problem) : tried && !whole && t("gdpr.whole_address")}
          />
          <Button type="submit" loading={looking.isPending}>
            {t("gdpr.look_up_do")}
          </Button>
        </form>
      </search>
      <div aria-live="polite">{looking.data && <Held key={looking.data.email} found={looking.data} />}</div>
    </Section>
  );
}

async function lookUp(email: string, receipts: boolean): Promise<Found> {
  const [page, before] = await Promise.all([
    readRecords("customers", { email, limit: "1" }),
    receipts ? receiptsOf(email) : undefined,
  ]);
  return { email, person: page.items[0], receipts: before };
}
