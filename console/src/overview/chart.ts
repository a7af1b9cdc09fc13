// The numbers behind the chart of days: every day once, and an axis that ends on a round number.
import type { Overview } from "../api/types";
import { dayAfter } from "./needs";

export interface Day {
  day: string;
  entries: number; // of giveaways
  plays: number; // of instant wins
  customers: number;
}

export function daysOf({ series, today, days }: Overview): Day[] {
  const entries = byDay(series.participations);
  const plays = byDay(series.instant_win_participations);
  const customers = byDay(series.customers);
  return Array.from({ length: days }, (_, place) => {
    const day = dayAfter(today, place - days + 1);
    return { day, entries: entries(day), plays: plays(day), customers: customers(day) };
  });
}

function byDay(counts: readonly unknown[]): (day: string) => number {
  const known = new Map(counts as [string, number][]);
  return (day) => known.get(day) ?? 0;
}

/** The least of 4, 6, 8, 10, 20, 40, 60 … that nothing is above. */
export function top(values: readonly number[]): number {
  const most = Math.max(4, ...values);
  const power = 10 ** Math.floor(Math.log10(most));
  const steps = [1, 2, 4, 6, 8, 10].map((step) => step * power);
  return steps.find((step) => step >= most) ?? most;
}
