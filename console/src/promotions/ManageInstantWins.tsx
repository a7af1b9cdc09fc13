// One instant win: prizes left, who won, who played. Nothing is drawn: the server decides while somebody plays.
import { useMemo } from "react";
import { playColumns, winColumns } from "../draws/columns";
import WinnerDetail from "../draws/WinnerDetail";
import { day } from "../format/times";
import { Page } from "../frame/Page";
import { Promised } from "../lists/RecordsPage";
import { t } from "../words";
import { Block } from "./Block";
import { Choose, type Chosen, useChosen } from "./Choose";
import { type Document, type InstantWin, isOpen } from "./document";
import { Managed } from "./Managed";
import "./manage.css";
import { Stocks } from "./Stocks";

export default function ManageInstantWins() {
  const chosen = useChosen("instant_win");
  return (
    <Page title={t("tab.instant-win")} promise={<Promised kind="instant_win_participations" />}>
      <Managed chosen={chosen} none={t("manage.no_instant_wins")}>
        <Blocks chosen={chosen} />
      </Managed>
    </Page>
  );
}

function Blocks({ chosen }: { chosen: Chosen<"instant_win"> }) {
  const { document, part, within } = chosen;
  const wins = useMemo(winColumns, []);
  const plays = useMemo(playColumns, []);
  if (!document.data || !part) return null;
  return (
    <>
      <Choose chosen={chosen} />
      <Prizes document={document.data} win={part} />
      <Block
        kind="instant_win_winners"
        name={t("manage.won")}
        columns={wins}
        filters={["email"]}
        within={within}
        prefix="won"
        note={<span className="note">{t("manage.no_draw")}</span>}
        empty={<p>{t("empty.instant_win_winners")}</p>}
        detail={(row) => <WinnerDetail row={row} />}
        fields={1}
      />
      <Block
        kind="instant_win_participations"
        name={t("manage.plays")}
        columns={plays}
        filters={["email", "period"]}
        within={within}
        prefix="plays"
        note={
          <span className="note">
            <Standing document={document.data} win={part} />
          </span>
        }
        empty={<p>{t("empty.instant_win_participations")}</p>}
        fields={2}
      />
    </>
  );
}

function Prizes({ document, win }: { document: Document; win: InstantWin }) {
  const left = document.stock.instant_wins[win.id] ?? {};
  const stocks = win.prizes.map(({ id, name, stock }) => ({ id, title: name, left: left[id] ?? stock, of: stock }));
  return <Stocks name={t("manage.prizes_left")} stocks={stocks} />;
}

function Standing({ document, win }: { document: Document; win: InstantWin }) {
  if (!isOpen(win, document)) return t("manage.win_closed");
  return win.closes_at ? t("manage.win_open_until", { day: day(win.closes_at) }) : t("manage.win_open");
}
