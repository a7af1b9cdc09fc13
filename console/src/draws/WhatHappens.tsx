// The draw before it is made, in sentences.
import { useKind } from "../api/queries";
import { moment } from "../format/times";
import { type Document, type Giveaway, isOpen } from "../promotions/document";
import { t } from "../words";
import { prizesFor, type Wanted } from "./request";

interface Props {
  wanted: Wanted;
  giveaway: Giveaway;
  document: Document;
}

export function WhatHappens(props: Props) {
  const kept = useKind("winners")?.days ?? 60;
  if (!(props.wanted.count >= 1)) return null;
  const sentences = props.wanted.test ? ofTest(props) : [...ofDraw(props), t("draw.will_keep", { count: kept })];
  return (
    <section className="draw-will" aria-label={t("draw.will")} aria-live="polite">
      <h3>{t("draw.will")}</h3>
      <ul>
        {sentences.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </section>
  );
}

function ofTest({ wanted }: Props): string[] {
  return [t("draw.will_test", { count: wanted.count }), t("draw.will_test_nothing")];
}

function ofDraw({ wanted, giveaway, document }: Props): string[] {
  const committed = document.commitments[giveaway.id];
  const { count, alternates, exclude, source } = wanted;
  return [
    committed ? t("draw.will_order", { at: moment(committed.committed_at) }) : t("draw.will_order_uncommitted"),
    t("draw.will_win", { count, prizes: prizesTold(giveaway, count) }),
    ...(alternates > 0 ? [t("draw.will_alternates", { count: alternates })] : []),
    ...(exclude === "none" ? [] : [t(`draw.will_exclude.${exclude}`)]),
    ...(source.trim() ? [t("draw.will_wait", { source: source.trim() })] : []),
    ...(giveaway.respond_days ? [t("draw.will_answer", { count: giveaway.respond_days })] : []),
    ...(isOpen(giveaway, document) ? [t("draw.will_open")] : []),
  ];
}

function prizesTold(giveaway: Giveaway, count: number): string {
  const told = prizesFor(giveaway, count).map(({ name, count }) =>
    name === null ? t("draw.without_prize", { count }) : `${count} × ${name}`,
  );
  return told.join(", ");
}
