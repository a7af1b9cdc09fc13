// One giveaway: its winners on top, its entries below, and the button that draws.
import { Button } from "@mantine/core";
import { lazy, Suspense, useMemo, useState } from "react";
import { useKind, useMe } from "../api/queries";
import { entryColumns, winnerColumns } from "../draws/columns";
import { DrawList } from "../draws/DrawList";
import WinnerDetail from "../draws/WinnerDetail";
import { DAY, day } from "../format/times";
import { Page } from "../frame/Page";
import { Promised } from "../lists/RecordsPage";
import { Gift } from "../parts/icons";
import { t } from "../words";
import { Block } from "./Block";
import { Choose, type Chosen, useChosen } from "./Choose";
import { type Document, type Giveaway, isOpen, lastSafeDay } from "./document";
import { Managed } from "./Managed";
import "./manage.css";

const DrawDialog = lazy(() => import("../draws/DrawDialog"));

export default function ManageGiveaways() {
  const chosen = useChosen("giveaway");
  const { document, part } = chosen;
  return (
    <Page
      title={t("tab.giveaways")}
      promise={<Promised kind="participations" />}
      actions={document.data && part && <Draw document={document.data} giveaway={part} />}
    >
      <Managed chosen={chosen} none={t("manage.no_giveaways")}>
        <Blocks chosen={chosen} />
      </Managed>
    </Page>
  );
}

function Draw({ document, giveaway }: { document: Document; giveaway: Giveaway }) {
  const [drawing, setDrawing] = useState(false);
  if (!useMe().may("draw")) return null;
  return (
    <>
      <Button size="xs" leftSection={<Gift size={15} />} onClick={() => setDrawing(true)}>
        {t("draw.open_dialog")}
      </Button>
      {drawing && (
        <Suspense>
          <DrawDialog document={document} giveaway={giveaway} onClose={() => setDrawing(false)} />
        </Suspense>
      )}
    </>
  );
}

function Blocks({ chosen }: { chosen: Chosen<"giveaway"> }) {
  const { document, part, within, experience = "" } = chosen;
  const winners = useMemo(winnerColumns, []);
  const entries = useMemo(entryColumns, []);
  if (!document.data || !part) return null;
  const standing = <Standing document={document.data} giveaway={part} />;
  return (
    <>
      <Choose chosen={chosen} />
      <DrawList experience={experience} giveaway={part.id} />
      <Block
        kind="winners"
        name={t("manage.drawn")}
        columns={winners}
        filters={["email", "state"]}
        within={within}
        prefix="won"
        empty={<p>{t("manage.nothing_drawn")}</p>}
        detail={(row) => <WinnerDetail row={row} />}
        fields={1}
      />
      <Block
        kind="participations"
        name={t("sub.participations")}
        columns={entries}
        filters={["email", "period"]}
        within={within}
        prefix="entries"
        note={<span className="note">{standing}</span>}
        empty={
          <p>
            {t("manage.no_entries")} {standing}
          </p>
        }
        fields={2}
      />
    </>
  );
}

/** Until when one can enter, and until when a draw reaches every entry. */
function Standing({ document, giveaway }: { document: Document; giveaway: Giveaway }) {
  const { time_zone: zone } = useMe();
  const days = useKind("participations")?.days ?? 60;
  const safe = lastSafeDay(giveaway, days, zone);
  const isPast = Date.parse(safe) + DAY < Date.now();
  return (
    <>
      {untilWhen(document, giveaway)}{" "}
      <span className={isPast ? "soon" : undefined}>
        {t(isPast ? "manage.safe_past" : "manage.safe", { day: day(safe), count: days })}
      </span>
    </>
  );
}

function untilWhen(document: Document, giveaway: Giveaway): string {
  const at = giveaway.closes_at && day(giveaway.closes_at);
  if (isOpen(giveaway, document)) return at ? t("manage.open_until", { day: at }) : t("manage.open");
  return at && Date.parse(giveaway.closes_at ?? "") < Date.now()
    ? t("manage.closed_since", { day: at })
    : t("manage.closed");
}
