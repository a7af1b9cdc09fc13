// The balance, and the statement that explains the last 60 days of it.
import { number } from "../../format/numbers";
import { t } from "../../words";
import { Section } from "../Section";
import { RowsTable } from "./RowsTable";
import type { Whole } from "./useCustomer";

export function Points({ whole }: { whole: Whole }) {
  return (
    <Section title={t("customer.points")}>
      <p className="balance">
        <strong>{number(whole.customer.points ?? 0)}</strong> {t("customer.balance")}
      </p>
      {whole.transactions.items.length === 0 ? (
        <p className="dimmed">{t("customer.no_transactions")}</p>
      ) : (
        <RowsTable
          whole={whole}
          kind="transactions"
          narrow={["created_at", "reason", "amount"]}
          columns={["created_at", "reason", "amount", "balance_after", "expires_at"]}
        />
      )}
    </Section>
  );
}
