// What is wanted of a draw. What will happen stands beside the button, in words.
import { Alert, Button, Group, NumberInput, Radio, Switch } from "@mantine/core";
import { useState } from "react";
import { useMe } from "../api/queries";
import { day } from "../format/times";
import { ErrorState } from "../parts/ErrorState";
import { type Document, type Giveaway, isOpen } from "../promotions/document";
import { t } from "../words";
import { Limits } from "./Limits";
import { bodyOf, type Missing, MOST, missingOf, type NewDraw, type Wanted, wantedOf } from "./request";
import { WhatHappens } from "./WhatHappens";

interface Props {
  document: Document;
  giveaway: Giveaway;
  onDraw: (body: NewDraw) => void;
  onCancel: () => void;
  busy: boolean;
  error: unknown;
}

export function DrawForm({ document, giveaway, onDraw, onCancel, busy, error }: Props) {
  const zone = useMe().time_zone;
  const [wanted, setWanted] = useState(() => wantedOf(giveaway, document));
  const [missing, setMissing] = useState<Missing>();
  const change = (changes: Partial<Wanted>) => {
    setMissing(undefined);
    setWanted((before) => ({ ...before, ...changes }));
  };
  const open = isOpen(giveaway, document);
  const submit = () => {
    const lacks = missingOf(wanted, open);
    setMissing(lacks);
    if (!lacks && !busy) onDraw(bodyOf(wanted, giveaway.id, zone));
  };
  return (
    <form
      className="draw-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      {open && <StillOpen giveaway={giveaway} />}
      <Switch
        label={t("draw.test")}
        description={t("draw.test_hint")}
        checked={wanted.test}
        onChange={(event) => change({ test: event.currentTarget.checked })}
      />
      <HowMany wanted={wanted} change={change} missing={missing} />
      <Exclude wanted={wanted} change={change} />
      <Limits wanted={wanted} change={change} missing={missing} isOpen={open} />
      <WhatHappens wanted={wanted} giveaway={giveaway} document={document} />
      {error ? <ErrorState error={error} /> : null}
      <Group justify="flex-end">
        <Button variant="default" onClick={onCancel}>
          {t("common.cancel")}
        </Button>
        <Button type="submit" loading={busy}>
          {t(wanted.test ? "draw.do_test" : wanted.count >= 1 ? "draw.do" : "draw.do_none", { count: wanted.count })}
        </Button>
      </Group>
    </form>
  );
}

function StillOpen({ giveaway: { closes_at } }: { giveaway: Giveaway }) {
  return (
    <Alert color="gray" role="note" className="draw-open">
      {closes_at ? t("draw.open_until", { day: day(closes_at) }) : t("draw.open")}
    </Alert>
  );
}

export interface FormPart {
  wanted: Wanted;
  change: (changes: Partial<Wanted>) => void;
  missing?: Missing | undefined;
}

function HowMany({ wanted, change, missing }: FormPart) {
  const wrong = missing === "count" || missing === "too_many";
  return (
    <div className="draw-numbers">
      <NumberInput
        label={t("draw.count")}
        value={Number.isNaN(wanted.count) ? "" : wanted.count}
        onChange={(count) => change({ count: count === "" ? Number.NaN : Number(count) })}
        clampBehavior="none"
        min={1}
        max={MOST}
        allowDecimal={false}
        allowNegative={false}
        hideControls
        inputMode="numeric"
        error={wrong && t(missing === "count" ? "draw.count_missing" : "draw.too_many", { count: MOST })}
        data-autofocus
      />
      <NumberInput
        label={t("draw.alternates")}
        description={t("draw.alternates_hint")}
        inputWrapperOrder={["label", "input", "description", "error"]}
        value={wanted.alternates}
        onChange={(alternates) => change({ alternates: Number(alternates) })}
        clampBehavior="none"
        min={0}
        max={MOST}
        allowDecimal={false}
        allowNegative={false}
        hideControls
        inputMode="numeric"
      />
    </div>
  );
}

function Exclude({ wanted, change }: FormPart) {
  return (
    <Radio.Group
      label={t("draw.exclude")}
      value={wanted.exclude}
      onChange={(exclude) => change({ exclude: exclude as Wanted["exclude"] })}
    >
      <Group mt={6} gap="lg">
        {(["none", "giveaway", "tenant"] as const).map((value) => (
          <Radio key={value} value={value} label={t(`draw.exclude.${value}`)} />
        ))}
      </Group>
    </Radio.Group>
  );
}
