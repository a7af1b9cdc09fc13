// What the customer took part in, won, got and redeemed: each kind that has rows.
import type { KindName } from "../../api/types";
import { t, told } from "../../words";
import { Fields } from "../Fields";
import { Section } from "../Section";
import { RowsTable } from "./RowsTable";
import type { Whole } from "./useCustomer";

type Promoted = Exclude<KindName, "customers">;

const COLUMNS: readonly (readonly [Promoted, readonly string[]])[] = [
  ["participations", ["giveaway", "experience", "created_at", "expires_at"]],
  ["winners", ["prize", "giveaway", "state", "created_at", "expires_at"]],
  ["instant_win_participations", ["instant_win", "experience", "won", "created_at", "expires_at"]],
  ["instant_win_winners", ["prize", "instant_win", "state", "created_at", "expires_at"]],
  ["coupons", ["code", "experience", "issued_at", "expires_at"]],
  ["codes", ["code", "points", "win", "redeemed_at", "expires_at"]],
  ["redemptions", ["reward_title", "cost", "created_at", "expires_at"]],
];

export function Promotions({ whole }: { whole: Whole }) {
  const some = COLUMNS.filter(([kind]) => whole[kind].items.length > 0);
  return (
    <Section title={t("customer.promotions")}>
      {some.length === 0 && <p className="dimmed">{t("customer.no_promotions")}</p>}
      {some.map(([kind, columns]) => (
        <div key={kind} className="group">
          <h3>{told("many", kind)}</h3>
          <RowsTable whole={whole} kind={kind} columns={columns} below={(row) => <Fields row={row} />} />
        </div>
      ))}
    </Section>
  );
}
