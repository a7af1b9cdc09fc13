// Was my entry in, did it win? Looked up in the list on this page; the ticket is sent to nobody.
import { Button, TextInput, Title } from "@mantine/core";
import { type FormEvent, useEffect, useState } from "react";
import { number } from "../format/numbers";
import { t, told } from "../words";
import { fromHex, keyOf, placeOf } from "./chance";
import type { Certificate } from "./form";
import { type Found, find } from "./tickets";
import { randomnessOf, type Verdict } from "./verify";

interface Props {
  certificate: Certificate;
  verdict: Verdict;
  typed: string;
  onType: (ticket: string) => void;
}

export function TicketCheck({ certificate, verdict, typed, onType }: Props) {
  const [asked, setAsked] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAsked(typed);
  };
  return (
    <section className="ticket-check">
      <Title order={2} size="h5">
        {t("ticket.title")}
      </Title>
      <p className="dimmed">{t("ticket.hint")}</p>
      <form onSubmit={submit} className="ticket-form">
        <TextInput
          label={t("ticket.label")}
          placeholder="T7Q4-9KXM-2FHW"
          value={typed}
          onChange={(event) => onType(event.currentTarget.value)}
          autoComplete="off"
          spellCheck={false}
          classNames={{ input: "mono" }}
        />
        <Button type="submit" variant="default">
          {t("ticket.look")}
        </Button>
      </form>
      <div role="status">
        {asked.trim() && <Answer key={asked} certificate={certificate} verdict={verdict} asked={asked} />}
      </div>
    </section>
  );
}

function Answer({ certificate, verdict, asked }: { certificate: Certificate; verdict: Verdict; asked: string }) {
  const found = find(asked, certificate, verdict.entrants);
  const place = usePlace(found?.label, certificate, verdict);
  if (!found) {
    return (
      <div className="ticket-answer" data-fate="unknown">
        <strong>{t("ticket.unknown")}</strong> {t("ticket.unknown_hint")}
      </div>
    );
  }
  return (
    <div className="ticket-answer" data-fate={found.fate}>
      <strong>{fate(found)}</strong>{" "}
      {t("ticket.line", { label: found.label, line: number(found.line), of: number(verdict.entrants.length) })}{" "}
      {place && t("ticket.place", { place: number(place) })}
    </div>
  );
}

function fate(found: Found): string {
  const reason = found.reason ? told("why", found.reason) : "";
  const prize = found.prize ? ` (${found.prize})` : "";
  return t(`ticket.${found.fate}`, { slot: `${found.slot ?? ""}${prize}`, reason });
}

/** The how-manieth in the whole order, once it is computed. */
function usePlace(label: string | undefined, certificate: Certificate, verdict: Verdict): number | undefined {
  const [place, setPlace] = useState<number>();
  useEffect(() => {
    const code = certificate.code === null ? null : fromHex(certificate.code);
    if (label === undefined || !code?.length || verdict.outcome !== "valid") return;
    let isWanted = true;
    void keyOf(code, randomnessOf(certificate))
      .then((key) => placeOf(key, verdict.entrants, label))
      .then((at) => isWanted && setPlace(at));
    return () => {
      isWanted = false;
    };
  }, [label, certificate, verdict]);
  return place;
}
