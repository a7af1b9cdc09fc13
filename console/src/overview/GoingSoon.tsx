// What will be gone within two weeks, by kind: how many, when the first, and how it spreads over the days.
import { Title } from "@mantine/core";
import { Link } from "react-router";
import type { KindName, Overview } from "../api/types";
import { number } from "../format/numbers";
import { t, told } from "../words";
import { dayName } from "./DayTable";
import { dayAfter } from "./needs";

const AHEAD = 14; // days
const PLACES: Partial<Record<KindName, string>> = {
  customers: "/customers",
  participations: "/giveaways/participations",
  winners: "/giveaways/drawn",
  instant_win_participations: "/instant-win/participations",
  instant_win_winners: "/instant-win/drawn",
  redemptions: "/loyalty/redemptions",
  transactions: "/loyalty/transactions",
  variables: "/variables",
  files: "/files",
  coupons: "/codes/coupons",
  codes: "/codes/codes",
};

export function GoingSoon({ overview }: { overview: Overview }) {
  const kinds = [...new Set(overview.due.map(({ kind }) => kind))];
  return (
    <section aria-labelledby="going">
      <Title order={2} size="h5" id="going">
        {t("overview.going")}
      </Title>
      {kinds.length === 0 ? (
        <p className="dimmed">{t("overview.nothing_goes")}</p>
      ) : (
        <table className="going">
          <thead>
            <tr>
              <th scope="col">{t("overview.kind")}</th>
              <th scope="col">{t("overview.in_14_days")}</th>
              <th scope="col">{t("overview.first")}</th>
              <th scope="col" className="going-spread">
                {t("overview.spread")}
              </th>
            </tr>
          </thead>
          <tbody>
            {kinds.map((kind) => (
              <Kind key={kind} kind={kind} overview={overview} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function Kind({ kind, overview }: { kind: string; overview: Overview }) {
  const due = overview.due.filter((one) => one.kind === kind);
  const sum = due.reduce((all, one) => all + one.n, 0);
  const first = due[0];
  return (
    <tr>
      <th scope="row">
        <Link to={PLACES[kind as KindName] ?? "/"}>{told("many", kind)}</Link>
        {kind === "customers" && <small>{t("overview.with_consents")}</small>}
      </th>
      <td data-kind={kind}>{number(sum)}</td>
      <td>{first && `${dayName(first.day)} (${number(first.n)})`}</td>
      <td className="going-spread">
        <Spread due={due} today={overview.today} />
      </td>
    </tr>
  );
}

function Spread({ due, today }: { due: Overview["due"]; today: string }) {
  const counts = new Map(due.map(({ day, n }) => [day, n]));
  const most = Math.max(...counts.values());
  const days = Array.from({ length: AHEAD }, (_, place) => dayAfter(today, place));
  return (
    <span className="spread" role="img" aria-label={due.map(({ day, n }) => `${dayName(day)}: ${n}`).join(", ")}>
      {days.map((day) => {
        const n = counts.get(day) ?? 0;
        const height = n ? `${Math.max(14, (n / most) * 100)}%` : "2px";
        return <span key={day} title={`${dayName(day)}: ${n}`} data-none={n === 0 || undefined} style={{ height }} />;
      })}
    </span>
  );
}
