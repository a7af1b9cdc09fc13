// The numbers of the chart as a table: newest day first.
import { number } from "../format/numbers";
import { currentLanguage, t } from "../words";
import type { Day } from "./chart";

export function dayName(day: string): string {
  const options = { day: "numeric", month: "short", timeZone: "UTC" } as const;
  return new Date(`${day}T00:00:00Z`).toLocaleDateString(currentLanguage() === "de" ? "de-DE" : "en-GB", options);
}

export function DayTable({ days, hasCustomers }: { days: readonly Day[]; hasCustomers: boolean }) {
  return (
    <details className="day-table">
      <summary>{t("overview.as_table")}</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
      <section aria-label={t("overview.as_table")} tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t("overview.day")}</th>
              <th scope="col">{t("overview.raffle_entries")}</th>
              <th scope="col">{t("overview.plays")}</th>
              {hasCustomers && <th scope="col">{t("overview.customers")}</th>}
            </tr>
          </thead>
          <tbody>
            {[...days].reverse().map((day) => (
              <tr key={day.day} data-day={day.day}>
                <th scope="row">{dayName(day.day)}</th>
                <td>{number(day.entries)}</td>
                <td>{number(day.plays)}</td>
                {hasCustomers && <td>{number(day.customers)}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  );
}
