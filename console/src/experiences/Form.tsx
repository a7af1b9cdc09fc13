// The whole document as a form, section by section.
import { Anchor, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { CopyText } from "../parts/CopyText";
import { t, type Word } from "../words";
import type { Document } from "./document";
import { useDraft } from "./draft";
import { ChoiceField, DayField, NumberField, SwitchField, TextField, TextsField, TimeField } from "./fields";
import { PartList } from "./PartList";
import { Prizes } from "./Prizes";

const RULES = ["once", "daily", "weekly", "unlimited"];

export function Form() {
  return (
    <div className="editor-form">
      <Section title="editor.basics">
        <TextField at="/title" label={t("editor.field.title")} required />
        <SwitchField at="/archived" label={t("editor.archived")} />
      </Section>
      <Giveaways />
      <InstantWins />
      <Coupons />
      <Codes />
      <Rewards />
      <Section title="editor.files">
        <NumberField at="/files/max_bytes" label={t("editor.field.max_bytes")} scale={1_000_000} min={0.001} />
        <TextsField at="/files/types" label={t("editor.field.types")} hint={t("editor.field.types_hint")} />
      </Section>
    </div>
  );
}

function Section({ title, children, aside }: { title: Word; children: ReactNode; aside?: ReactNode }) {
  return (
    <section className="editor-section" aria-label={t(title)}>
      <div className="editor-head">
        <Title order={2} size="h5">
          {t(title)}
        </Title>
        {aside}
      </div>
      <div className="editor-fields">{children}</div>
    </section>
  );
}

function Opening({ at }: { at: string }) {
  return (
    <>
      <TimeField at={`${at}/opens_at`} label={t("editor.field.opens_at")} hint={t("editor.field.opens_hint")} />
      <TimeField at={`${at}/closes_at`} label={t("editor.field.closes_at")} hint={t("editor.field.closes_hint")} />
    </>
  );
}

function Rule({ at }: { at: string }) {
  return (
    <ChoiceField at={`${at}/rule`} label={t("editor.field.rule")} values={RULES} words="editor.rule" fallback="once" />
  );
}

function Giveaways() {
  return (
    <PartList
      member="giveaways"
      title={t("editor.giveaways")}
      none={t("editor.no_giveaways")}
      add={t("editor.add_giveaway")}
      fresh={{ rule: "once", prizes: [] }}
    >
      {(at, part) => (
        <>
          <div className="editor-fields">
            <Opening at={at} />
            <DayField at={`${at}/draw_by`} label={t("editor.field.draw_by")} />
            <Rule at={at} />
            <NumberField
              at={`${at}/respond_days`}
              label={t("editor.field.respond_days")}
              hint={t("editor.field.respond_hint")}
              min={1}
              empty
            />
            <TextField at={`${at}/terms_version`} label={t("editor.field.terms_version")} />
            <SwitchField at={`${at}/ignore_plus_and_dots`} label={t("editor.field.ignore")} />
          </div>
          <Prizes at={`${at}/prizes`} />
          <OfGiveaway giveaway={String(part.id)} />
        </>
      )}
    </PartList>
  );
}

/** What a saved giveaway leads to: its entries, and what its draws can be checked by. */
function OfGiveaway({ giveaway }: { giveaway: string }) {
  const { saved } = useDraft();
  const commitment = saved.commitments[giveaway];
  if (!commitment) return null;
  return (
    <div className="of-part">
      <Anchor component={Link} to={`/giveaways/manage?experience=${saved.id}&giveaway=${giveaway}`} size="sm">
        {t("editor.manage")}
      </Anchor>
      <span>
        {t("editor.commitment")}: <CopyText text={commitment.sha256} shown={`${commitment.sha256.slice(0, 16)}…`} />
      </span>
    </div>
  );
}

function InstantWins() {
  return (
    <PartList
      member="instant_wins"
      title={t("editor.instant_wins")}
      none={t("editor.no_instant_wins")}
      add={t("editor.add_instant_win")}
      fresh={{ rule: "once", mode: "odds", per_mille: 50, wins_per_customer: 1, prizes: [] }}
    >
      {(at, part) => (
        <>
          <div className="editor-fields">
            <Opening at={at} />
            <Rule at={at} />
            <NumberField at={`${at}/wins_per_customer`} label={t("editor.field.wins_per_customer")} min={1} />
            <Chance at={at} part={part} />
          </div>
          <Prizes at={`${at}/prizes`} stocked />
        </>
      )}
    </PartList>
  );
}

function Chance({ at, part }: { at: string; part: Document }) {
  return (
    <>
      <ChoiceField
        at={`${at}/mode`}
        label={t("editor.field.mode")}
        values={["odds", "moments"]}
        words="editor.mode"
        fallback="odds"
      />
      {part.mode !== "moments" && <NumberField at={`${at}/per_mille`} label={t("editor.field.per_mille")} empty />}
    </>
  );
}

function Coupons() {
  const { saved } = useDraft();
  const upload = (
    <Anchor component={Link} to={`/codes/manage-coupons?experience=${saved.id}`} size="sm">
      {t("editor.upload_coupons")} ({t("overview.free", { count: saved.stock.coupons.free })})
    </Anchor>
  );
  return (
    <Section title="editor.coupons" aside={upload}>
      <ChoiceField
        at="/coupons/per"
        label={t("editor.field.per")}
        values={["customer", "participation"]}
        words="editor.per"
        fallback="customer"
      />
      <NumberField at="/coupons/low_at" label={t("editor.field.low_at")} hint={t("editor.field.low_hint")} />
    </Section>
  );
}

function Codes() {
  const { saved } = useDraft();
  const upload = (
    <Anchor component={Link} to={`/codes/manage-codes?experience=${saved.id}`} size="sm">
      {t("editor.upload_codes")}
    </Anchor>
  );
  return (
    <Section title="editor.codes" aside={upload}>
      <TextField at="/codes/ignore" label={t("editor.field.ignored")} required />
      <NumberField at="/codes/tries_per_hour" label={t("editor.field.tries")} min={1} />
      <SwitchField at="/codes/fold_case" label={t("editor.field.fold_case")} />
    </Section>
  );
}

function Rewards() {
  const { saved } = useDraft();
  return (
    <PartList
      member="rewards"
      title={t("editor.rewards")}
      none={t("editor.no_rewards")}
      add={t("editor.add_reward")}
      fresh={{ cost: 100 }}
    >
      {(at, part) => (
        <div className="editor-fields">
          <NumberField at={`${at}/cost`} label={t("editor.field.cost")} />
          <NumberField
            at={`${at}/stock`}
            label={t("editor.field.stock")}
            hint={stockHint(saved.stock.rewards[String(part.id)])}
            empty
          />
          <NumberField
            at={`${at}/per_customer`}
            label={t("editor.field.per_customer")}
            hint={t("editor.field.unlimited")}
            min={1}
            empty
          />
        </div>
      )}
    </PartList>
  );
}

function stockHint(left: number | undefined): string {
  return left === undefined ? t("editor.field.stock_hint") : t("editor.left", { count: left });
}
