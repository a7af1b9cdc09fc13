// One draw: what was asked, how it came about, who won, whose place went to somebody else.
import { Button, Modal } from "@mantine/core";
import { useMemo, useState } from "react";
import { Link, useParams } from "react-router";
import { useExperienceTitle } from "../api/queries";
import { winnerColumns } from "../draws/columns";
import { DrawFacts } from "../draws/DrawFacts";
import { Drawing } from "../draws/Drawing";
import "../draws/draws.css";
import { Places } from "../draws/Places";
import { type Draw, useDraw, useDrawAnew } from "../draws/queries";
import { Reveal } from "../draws/Reveal";
import WinnerDetail from "../draws/WinnerDetail";
import { moment } from "../format/times";
import { Page } from "../frame/Page";
import { ErrorState } from "../parts/ErrorState";
import { Shield } from "../parts/icons";
import { Loading } from "../parts/Loading";
import { t } from "../words";
import { Block } from "./Block";
import { useDocument } from "./useDocument";
import "./manage.css";

export default function DrawPage() {
  const { id = "" } = useParams();
  const draw = useDraw(id);
  if (draw.error) {
    return (
      <Page title={t("draw.one")}>
        <ErrorState error={draw.error} retry={draw.refetch} />
      </Page>
    );
  }
  return draw.data ? <One draw={draw.data} /> : <Loading />;
}

function One({ draw }: { draw: Draw }) {
  const document = useDocument(draw.experience).data;
  const giveaway = document?.giveaways.find(({ id }) => id === draw.giveaway)?.title ?? draw.giveaway;
  const experience = useExperienceTitle()(draw.experience);
  const [job, setJob] = useState<string>();
  const anew = useDrawAnew();
  const close = () => {
    setJob(undefined);
    void anew();
  };
  return (
    <Page
      title={t("draw.of", { what: giveaway })}
      promise={`${experience} · ${moment(draw.created_at)}`}
      actions={<Actions draw={draw} />}
    >
      <div className="draw-page manage">
        {draw.state === "waiting" && <Reveal draw={draw} onStarted={setJob} />}
        <DrawFacts draw={draw} />
        {draw.state === "done" && <Drawn draw={draw} />}
        {draw.state === "done" && <Places draw={draw} />}
      </div>
      {job && (
        <Modal
          opened
          onClose={close}
          size="lg"
          title={t("draw.of", { what: giveaway })}
          closeButtonProps={{ "aria-label": t("common.close") }}
        >
          <Drawing job={job} onClose={close} />
        </Modal>
      )}
    </Page>
  );
}

function Actions({ draw }: { draw: Draw }) {
  const within = new URLSearchParams({ experience: draw.experience, giveaway: draw.giveaway });
  return (
    <>
      <Button component={Link} to={`/giveaways/manage?${within}`} size="xs" variant="default">
        {t("draw.to_giveaway")}
      </Button>
      {draw.certificate && (
        <Button
          component={Link}
          to={`/certificate/${draw.id}`}
          size="xs"
          variant="default"
          leftSection={<Shield size={15} />}
          target="_blank"
        >
          {t("cert.open")}
        </Button>
      )}
    </>
  );
}

function Drawn({ draw }: { draw: Draw }) {
  const within = useMemo(() => ({ draw: draw.id }), [draw.id]);
  const columns = useMemo(winnerColumns, []);
  return (
    <Block
      kind="winners"
      name={t("draw.winners")}
      columns={columns}
      within={within}
      prefix="won"
      empty={<p>{t("draw.winners_gone")}</p>}
      detail={(row) => <WinnerDetail row={row} />}
      fields={0}
    />
  );
}
