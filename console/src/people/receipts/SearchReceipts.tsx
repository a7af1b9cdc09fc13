// The receipts of one person by the e-mail address, which is neither stored nor part of any address.
import { Button, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { answer, api } from "../../api/client";
import { Problem } from "../../api/problem";
import { reason } from "../../parts/ErrorState";
import { t } from "../../words";
import type { Receipt } from "./ReceiptFacts";
import { ReceiptsTable } from "./ReceiptsTable";

export async function receiptsOf(email: string): Promise<Receipt[]> {
  return (await answer(api.POST("/v1/receipts/search", { body: { email } }))).items;
}

export function SearchReceipts({ onOpen }: { onOpen: (id: string) => void }) {
  const [email, setEmail] = useState("");
  const searching = useMutation({ mutationFn: receiptsOf });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (email.trim()) searching.mutate(email.trim());
  };
  const problem = searching.error instanceof Problem ? searching.error : undefined;
  return (
    <search>
      <form onSubmit={submit} className="one-line">
        <TextInput
          label={t("col.email")}
          type="email"
          autoComplete="off"
          value={email}
          onChange={({ currentTarget }) => setEmail(currentTarget.value)}
          error={problem && (problem.at("/email") ?? reason(problem))}
        />
        <Button type="submit" variant="default" loading={searching.isPending}>
          {t("receipt.search_do")}
        </Button>
      </form>
      {searching.data && (
        <div role="status" className="found">
          {searching.data.length === 0 ? (
            <p>{t("receipt.none_of")}</p>
          ) : (
            <ReceiptsTable name={t("receipt.of_person")} items={searching.data} onOpen={onOpen} />
          )}
        </div>
      )}
    </search>
  );
}
