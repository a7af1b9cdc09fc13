// The certificate of a draw, open to everybody: the page computes the draw anew and says at each step what it found.
import { Alert, Progress, Title } from "@mantine/core";
import { useEffect, useState } from "react";
import { useParams } from "react-router";
import "../certificates/certificate.css";
import { Drawn } from "../certificates/Drawn";
import { FileBar } from "../certificates/FileBar";
import { Steps } from "../certificates/Steps";
import { TicketCheck } from "../certificates/TicketCheck";
import { type Files, read, usePublished } from "../certificates/useCopy";
import { type Checked, useVerdict } from "../certificates/useVerdict";
import { VerdictBanner } from "../certificates/VerdictBanner";
import { ErrorState } from "../parts/ErrorState";
import { Loading } from "../parts/Loading";
import { t } from "../words";

export default function CertificatePage() {
  const { id = "" } = useParams();
  const published = usePublished(id);
  const [own, setOwn] = useState<Files>();
  const files = own ?? published.data;
  const checked = useVerdict(files);
  const [typed, setTyped] = useState("");
  useEffect(() => {
    document.title = `${t("cert.title")} · ${t("app.name")}`;
  }, []);
  /** A short text is a ticket, everything else is a file of the draw. */
  const bring = async (brought: readonly File[]) => {
    const [only] = brought;
    const ticket = brought.length === 1 && only && only.size < 64 ? (await only.text()).trim() : "";
    if (/^[\w-]+$/.test(ticket)) setTyped(ticket);
    else if (brought.length > 0) setOwn(await read(brought, own ?? null));
  };
  return (
    <main
      className="certificate"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        void bring([...event.dataTransfer.files]);
      }}
    >
      <Head checked={checked} />
      {files ? (
        <Content checked={checked} files={files} typed={typed} onType={setTyped} />
      ) : published.error ? (
        <ErrorState error={published.error} retry={published.refetch} />
      ) : (
        <Loading />
      )}
      <FileBar files={files} isOwn={own !== undefined} onFiles={bring} onBack={() => setOwn(undefined)} />
    </main>
  );
}

function Head({ checked: { certificate } }: { checked: Checked }) {
  return (
    <header className="certificate-head">
      <p className="certificate-brand">{t("app.name")}</p>
      <Title order={1}>{t("cert.title")}</Title>
      {certificate && (
        <p className="dimmed">
          <bdi>{certificate.experience}</bdi> · <bdi>{certificate.giveaway}</bdi>
        </p>
      )}
    </header>
  );
}

interface ContentProps {
  checked: Checked;
  files: Files;
  typed: string;
  onType: (ticket: string) => void;
}

function Content({ checked, files, typed, onType }: ContentProps) {
  const { certificate, verdict, trouble, done } = checked;
  if (trouble) {
    return (
      <Alert color="red" role="alert" title={t("cert.not_checked")}>
        {t(`cert.trouble.${trouble}`)}
      </Alert>
    );
  }
  if (!certificate || !verdict) return <Checking done={done} of={certificate?.labels.count ?? 0} />;
  return (
    <>
      <VerdictBanner certificate={certificate} verdict={verdict} />
      <Steps certificate={certificate} verdict={verdict} />
      {files.labels && <TicketCheck certificate={certificate} verdict={verdict} typed={typed} onType={onType} />}
      <Drawn certificate={certificate} />
    </>
  );
}

function Checking({ done, of }: { done: number; of: number }) {
  return (
    <div role="status">
      <p>{t("cert.checking", { done, of })}</p>
      <Progress value={of ? (done / of) * 100 : 0} aria-label={t("cert.title")} />
    </div>
  );
}
