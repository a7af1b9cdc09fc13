// What waits for somebody, out of the overview: winners without an answer, raffles to be drawn before entries go, coupons
// that run out, what fails. Pure, so that it can be tested.
import type { Overview } from "../api/types";
import type { Word } from "../words";

export interface Need {
  key: string;
  word: Word;
  values: Record<string, string | number>;
  to: string;
  urgent: boolean;
}

const SOON = 7; // days before the last safe day to draw

export function needs(overview: Overview): Need[] {
  return [
    ...overview.raffles.flatMap(unanswered),
    ...overview.raffles.flatMap((raffle) => toDraw(raffle, overview.today)),
    ...overview.stock.flatMap(low),
    ...overview.failing.flatMap(failing),
  ];
}

type Raffle = Overview["raffles"][number];

function place({ experience, giveaway }: Raffle): string {
  return `/giveaways/manage?experience=${experience}&giveaway=${giveaway}`;
}

function unanswered(raffle: Raffle): Need[] {
  if (raffle.unanswered === 0) return [];
  const values = { count: raffle.unanswered, title: raffle.title };
  return [
    {
      key: `winners ${place(raffle)}`,
      word: "overview.need.winners",
      values,
      to: place(raffle),
      urgent: false,
    },
  ];
}

/** A raffle with entries that was not drawn yet, when its last safe day is near or over. */
function toDraw(raffle: Raffle, today: string): Need[] {
  const ahead = daysBetween(today, raffle.last_safe_draw);
  if (raffle.entries === 0 || raffle.winners > 0 || ahead > SOON) return [];
  const values = { title: raffle.title, day: raffle.last_safe_draw, count: raffle.entries };
  const word = ahead < 0 ? "overview.need.draw_late" : "overview.need.draw";
  return [{ key: `draw ${place(raffle)}`, word, values, to: place(raffle), urgent: ahead <= 2 }];
}

function low({ experience, free, low: isLow, low_at }: Overview["stock"][number]): Need[] {
  if (!isLow || (low_at === 0 && free > 0)) return [];
  const to = `/codes/manage-coupons?experience=${experience}`;
  return [
    {
      key: `stock ${experience}`,
      word: "overview.need.coupons",
      values: { count: free, experience },
      to,
      urgent: free === 0,
    },
  ];
}

function failing(one: Overview["failing"][number]): Need[] {
  if (one.webhook) {
    const word = one.disabled ? "overview.need.webhook_disabled" : "overview.need.webhook";
    const values = { host: one.host ?? "" };
    return [{ key: one.webhook, word, values, to: "/webhooks", urgent: one.disabled ?? false }];
  }
  const event = one.event ?? "";
  const values = { count: one.n ?? 0, event, more: one.more ? "+" : "" };
  if (event === "job") return [{ key: "jobs", word: "overview.need.jobs", values, to: "/jobs", urgent: true }];
  const to = `/log?level=error&event=${encodeURIComponent(event)}`;
  return [{ key: `event ${event}`, word: "overview.need.errors", values, to, urgent: true }];
}

export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);
}

/** `2026-05-21` and so many days on. */
export function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);
}
