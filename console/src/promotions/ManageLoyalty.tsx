// One experience's loyalty: rewards with what is left of them, who redeemed them, every change of points.
import { useMemo } from "react";
import { number } from "../format/numbers";
import { Page } from "../frame/Page";
import { COLUMNS, type Column } from "../lists/columns";
import { Promised } from "../lists/RecordsPage";
import { t } from "../words";
import { Block } from "./Block";
import { Choose, type Chosen, useChosen } from "./Choose";
import type { Document } from "./document";
import { Managed } from "./Managed";
import "./manage.css";
import { Stocks } from "./Stocks";

export default function ManageLoyalty() {
  const chosen = useChosen("reward", true);
  return (
    <Page title={t("tab.loyalty")} promise={<Promised kind="redemptions" />}>
      <Managed chosen={chosen} none={t("manage.no_rewards")}>
        <Blocks chosen={chosen} />
      </Managed>
    </Page>
  );
}

const ofOne = (columns: readonly Column[]) => columns.filter(({ name }) => name !== "experience");

function Blocks({ chosen }: { chosen: Chosen<"reward"> }) {
  const { document, experience, part, within, choose } = chosen;
  const redemptions = useMemo(() => ofOne(COLUMNS.redemptions()), []);
  const transactions = useMemo(() => ofOne(COLUMNS.transactions()), []);
  const whole = useMemo(() => ({ ...(experience && { experience }) }), [experience]);
  if (!document.data) return null;
  return (
    <>
      <Choose chosen={chosen} />
      <Stocks
        name={t("manage.rewards")}
        stocks={stocksOf(document.data)}
        chosen={part?.id}
        onChoose={(reward) => choose({ experience: experience ?? null, reward })}
      />
      <Block
        kind="redemptions"
        name={t("sub.redemptions")}
        columns={redemptions}
        filters={["email", "period"]}
        within={within}
        prefix="redeemed"
        note={part && <span className="note">{part.title}</span>}
        empty={<p>{t("empty.redemptions")}</p>}
        fields={2}
      />
      <Block
        kind="transactions"
        name={t("manage.points")}
        columns={transactions}
        filters={["email", "period"]}
        within={whole}
        prefix="points"
        empty={<p>{t("empty.transactions")}</p>}
      />
    </>
  );
}

function stocksOf({ rewards, stock }: Document) {
  return rewards.map(({ id, title, cost, stock: of }) => ({
    id,
    title,
    left: stock.rewards[id] ?? null,
    of: of ?? null,
    note: t("manage.costs", { count: cost, cost: number(cost) }),
  }));
}
