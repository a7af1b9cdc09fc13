// What the customer took part in, won, got and redeemed: each kind that has rows.
import type { KindName } from "../../api/types";
import { t, told } from "../../words";
import { Fields } from "../Fields";
import { Section } from "../Section";
import { RowsTable } from "./RowsTable";
import type { Whole } from "./useCustomer";

type Promoted = Exclude<KindName, "customers">;

// Each with its columns, and those that a phone has room for.
const COLUMNS: readonly (readonly [Promoted, readonly string[], readonly string[]])[] = [
  ["participations", ["giveaway", "experience", "created_at", "expires_at"], ["giveaway", "created_at"]],
  ["winners", ["prize", "giveaway", "state", "created_at", "expires_at"], ["prize", "state", "created_at"]],
  [
    "instant_win_participations",
    ["instant_win", "experience", "won", "created_at", "expires_at"],
    ["instant_win", "won", "created_at"],
  ],
  [
    "instant_win_winners",
    ["prize", "instant_win", "state", "created_at", "expires_at"],
    ["prize", "state", "created_at"],
  ],
  ["coupons", ["code", "experience", "issued_at", "expires_at"], ["code", "issued_at"]],
  ["codes", ["code", "points", "win", "redeemed_at", "expires_at"], ["code", "points", "redeemed_at"]],
  ["redemptions", ["reward_title", "cost", "created_at", "expires_at"], ["reward_title", "cost", "created_at"]],
];

export function Promotions({ whole }: { whole: Whole }) {
  const some = COLUMNS.filter(([kind]) => whole[kind].items.length > 0);
  return (
    <Section title={t("customer.promotions")}>
      {some.length === 0 && <p className="dimmed">{t("customer.no_promotions")}</p>}
      {some.map(([kind, columns, narrow]) => (
        <div key={kind} className="group">
          <h3>{told("many", kind)}</h3>
          <RowsTable
            whole={whole}
            kind={kind}
            columns={columns}
            narrow={narrow}
            below={(row) => <Fields row={row} />}
          />
        </div>
      ))}
    </Section>
  );
}
