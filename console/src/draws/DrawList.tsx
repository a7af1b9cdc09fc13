// The draws of a giveaway, newest first: state, whom to ask for what is missing, the way to draw and certificate.
import { Anchor } from "@mantine/core";
import { Link } from "react-router";
import { number } from "../format/numbers";
import { Tag, type Tone } from "../lists/values";
import { ErrorState } from "../parts/ErrorState";
import { Time } from "../parts/Time";
import { t } from "../words";
import "./draws.css";
import { type Draw, useDraws } from "./queries";

const SHOWN = 5;
const TONES: Record<string, Tone> = { done: "good", failed: "bad", waiting: "wait" };

export function DrawList({ experience, giveaway }: { experience: string; giveaway: string }) {
  const draws = useDraws(experience);
  if (draws.error) return <ErrorState error={draws.error} retry={draws.refetch} />;
  const own = draws.data?.filter((draw) => draw.giveaway === giveaway).slice(0, SHOWN) ?? [];
  if (own.length === 0) return null;
  return (
    <ul className="draws" aria-label={t("draws.title")}>
      {own.map((draw) => (
        <One key={draw.id} draw={draw} />
      ))}
    </ul>
  );
}

export function DrawState({ draw }: { draw: Draw }) {
  return <Tag tone={TONES[draw.state] ?? "told"}>{t(`draw.state.${stateOf(draw)}`)}</Tag>;
}

export function stateOf({ state }: Draw): "reading" | "waiting" | "drawing" | "done" | "failed" {
  return state as "done";
}

function One({ draw }: { draw: Draw }) {
  const winners = new Set(draw.drawn.map(({ slot }) => slot).filter(Boolean)).size;
  return (
    <li>
      <span>
        {t("draw.of_day")} <Time at={draw.created_at} as="moment" />
      </span>
      <DrawState draw={draw} />
      {draw.state === "done" && (
        <span className="dimmed">{t("draws.drawn", { count: winners, entrants: number(draw.entrants ?? 0) })}</span>
      )}
      <span className="end">
        <Anchor component={Link} to={`/draws/${draw.id}`} size="sm">
          {t(draw.state === "waiting" ? "draws.tell_value" : "draw.open_draw")}
        </Anchor>
        {draw.certificate && (
          <Anchor component={Link} to={`/certificate/${draw.id}`} size="sm" target="_blank">
            {t("cert.open")}
          </Anchor>
        )}
      </span>
    </li>
  );
}
