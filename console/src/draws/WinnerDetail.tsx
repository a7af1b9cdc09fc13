// What became of a winner, and what may be noted or done: for the panel beside a list of winners, of draws and of
// instant wins alike.
import { Anchor, Button, Group, Text } from "@mantine/core";
import { Link } from "react-router";
import { useMe } from "../api/queries";
import type { Row } from "../api/types";
import { day } from "../format/times";
import { stateOf } from "../lists/columns";
import { Masked, State } from "../lists/values";
import { reason } from "../parts/ErrorState";
import { t } from "../words";
import { AnswerBy } from "./AnswerBy";
import "./draws.css";
import { Redraw } from "./Redraw";
import { isOverdue, isReplaceable, nextOf } from "./states";
import { useWinnerChange, type WinnersKind } from "./useWinnerChange";

export default function WinnerDetail({ row }: { row: Row }) {
  const may = useMe().may("draw");
  const ofDraw = typeof row.draw_id === "string";
  const kind: WinnersKind = ofDraw ? "winners" : "instant_win_winners";
  return (
    <div className="winner">
      <Whose row={row} />
      <section aria-label={t("winner.state")}>
        <Standing row={row} />
        {may && isReplaceable(row) && <Changes key={row.id} kind={kind} row={row} />}
      </section>
      {may && ofDraw && <Redraw key={`redraw ${row.id}`} row={row} />}
      {ofDraw && (
        <Group gap="md">
          <Anchor component={Link} to={`/draws/${row.draw_id}`} size="sm">
            {t("draw.open_draw")}
          </Anchor>
          <Anchor component={Link} to={`/certificate/${row.draw_id}`} size="sm" target="_blank">
            {t("cert.open")}
          </Anchor>
        </Group>
      )}
    </div>
  );
}

function Whose({ row }: { row: Row }) {
  const name = row.masked ? "" : wholeName(row);
  return (
    <p className="winner-whose">
      {row.slot ? <span className="slot">{String(row.slot)}</span> : null}
      <strong>{row.masked && row.email ? <Masked>{row.email}</Masked> : <bdi>{name || row.email}</bdi>}</strong>
      {row.prize ? <span className="dimmed"> · {String(row.prize)}</span> : null}
    </p>
  );
}

function wholeName(row: Row): string {
  const { firstname, lastname } = (row.fields as Record<string, unknown> | null) ?? {};
  return [firstname, lastname].filter(Boolean).join(" ");
}

function Standing({ row }: { row: Row }) {
  const waits = row.state === "drawn" || row.state === "notified";
  return (
    <Text size="sm" className={isOverdue(row) ? "soon" : undefined}>
      <State name={stateOf(row)} />{" "}
      {isOverdue(row)
        ? t("winner.overdue", { day: day(String(row.respond_by)) })
        : waits && row.respond_by
          ? t("winner.answer_until", { day: day(String(row.respond_by)) })
          : ""}
    </Text>
  );
}

function Changes({ kind, row }: { kind: WinnersKind; row: Row }) {
  const change = useWinnerChange(kind, row);
  const waits = row.state === "drawn" || row.state === "notified";
  return (
    <>
      <Group gap="xs" mt={8}>
        {nextOf(row).map((state) => (
          <Button
            key={state}
            size="xs"
            variant={state === "notified" ? "filled" : "default"}
            onClick={() => !change.isPending && change.mutate({ state })}
          >
            {t(`winner.mark.${state}`)}
          </Button>
        ))}
      </Group>
      {waits && <AnswerBy row={row} onChange={(respond_by) => change.mutate({ respond_by })} />}
      {change.error && (
        <Text size="sm" c="red" role="alert" mt={8}>
          {reason(change.error)}
        </Text>
      )}
    </>
  );
}
