// What a list holds that is filtered so, in words: "Participations · Summer raffle · giveaway bike · 1 – 30 June 2026".
import type { KindName } from "../api/types";
import { zoneName } from "../format/times";
import type { Filters } from "../lists/filters";
import { currentLanguage, t, told, type Word } from "../words";

type Titles = (experience: string) => string;

export function contents(kind: string, filters: Filters, title: Titles): string {
  return [told("many", kind), ...phrases(filters, title)].join(" · ");
}

/** What an export takes as filters; customers are always those of so many days. */
export function exported(kind: KindName, filters: Filters): Filters {
  if (kind !== "customers" || filters.email) return filters;
  return { ...filters, active_days: filters.active_days ?? "60" };
}

/** Filters that name a person or what people said: no job may hold them, so no job can export by them. */
export function isByHand(filters: Filters): boolean {
  return ["email", "customer_id", "text"].some((name) => filters[name]);
}

function phrases(filters: Filters, title: Titles): string[] {
  const { experience, from, to, active_days: days, ...others } = filters;
  const named = Object.entries(others).map(([name, value]) => phrase(name, value));
  return [
    ...(experience ? [title(experience)] : []),
    ...named,
    ...(days ? [told("active", days) === days ? t("contents.active", { days }) : told("active", days)] : []),
    ...(from || to ? [period(from, to)] : []),
  ];
}

function phrase(name: string, value: string): string {
  if (name === "state") return told("state", value);
  if (name === "level") return told("level_from", value);
  if (name === "email" || name === "text") return `“${value}”`;
  return `${t(`filter.${name}` as Word)} ${value}`;
}

/** `1 – 30 June 2026`: whole days of the tenant's zone, the last one included. */
export function period(from: string | undefined, to: string | undefined): string {
  const locale = currentLanguage() === "de" ? "de-DE" : "en-GB";
  const days = new Intl.DateTimeFormat(locale, {
    day: "numeric",
    month: "long",
    year: "numeric",
    timeZone: zoneName(),
  });
  const last = to ? new Date(Date.parse(to) - 1) : undefined;
  if (from && last) return days.formatRange(new Date(from), last);
  return from
    ? t("contents.from", { day: days.format(new Date(from)) })
    : t("contents.until", { day: days.format(last) });
}
