// What was asked of a draw and how it came about, as facts.
import { Title } from "@mantine/core";
import { number } from "../format/numbers";
import { CopyText } from "../parts/CopyText";
import { Fact } from "../parts/Fact";
import { Time } from "../parts/Time";
import { t } from "../words";
import { DrawState } from "./DrawList";
import type { Draw } from "./queries";

export function DrawFacts({ draw }: { draw: Draw }) {
  return (
    <div className="draw-columns">
      <section>
        <Title order={2} size="h5">
          {t("draw.asked")}
        </Title>
        <Asked draw={draw} />
      </section>
      <section>
        <Title order={2} size="h5">
          {t("draw.happened")}
        </Title>
        <Happened draw={draw} />
      </section>
    </div>
  );
}

function Asked({ draw }: { draw: Draw }) {
  const prizes = draw.prizes.filter((prize) => prize !== null);
  return (
    <dl className="facts">
      <Fact title={t("draw.count")}>{number(draw.count)}</Fact>
      {prizes.length > 0 && <Fact title={t("draw.prizes")}>{[...new Set(prizes)].join(", ")}</Fact>}
      <Fact title={t("draw.alternates")}>{number(draw.alternates)}</Fact>
      <Fact title={t("draw.exclude")}>{t(`draw.exclude.${draw.exclude as "none"}`)}</Fact>
      {draw.from && (
        <Fact title={t("draw.from")}>
          <Time at={draw.from} as="moment" />
        </Fact>
      )}
      <Fact title={t("draw.cut_off")}>
        <Time at={draw.cut_off} as="moment" />
      </Fact>
      {draw.public_randomness && <Fact title={t("draw.public")}>{draw.public_randomness.source}</Fact>}
      <Fact title={t("draw.by")}>
        <bdi>{draw.by}</bdi>
      </Fact>
    </dl>
  );
}

function Happened({ draw }: { draw: Draw }) {
  const { commitment, public_randomness: named } = draw;
  return (
    <dl className="facts">
      <Fact title={t("col.state")}>
        <DrawState draw={draw} /> {draw.error && <span className="dimmed">{t("draw.failed_few")}</span>}
      </Fact>
      <Fact title={t("draw.commitment")}>
        {commitment ? (
          <>
            <CopyText text={commitment.sha256} shown={`${commitment.sha256.slice(0, 16)}…`} />{" "}
            <span className="dimmed">
              <Time at={commitment.committed_at} as="moment" />
            </span>
          </>
        ) : draw.entrants === null ? (
          "…"
        ) : (
          t("draw.uncommitted")
        )}
      </Fact>
      {draw.entrants !== null && <Fact title={t("draw.entrants")}>{number(draw.entrants)}</Fact>}
      {named?.value && (
        <Fact title={t("reveal.value")}>
          <bdi>{named.value}</bdi>
        </Fact>
      )}
      {draw.drawn_at && (
        <>
          <Fact title={t("draw.drawn_at")}>
            <Time at={draw.drawn_at} as="moment" />
          </Fact>
          <Fact title={t("draw.skipped")}>{number(draw.skipped)}</Fact>
        </>
      )}
    </dl>
  );
}
