// An import on its way: uploading, read and checked, what came of its lines, and the button that takes it.
import { Button, FileButton, Group, Modal, Progress, Text } from "@mantine/core";
import { useExperienceTitle } from "../api/queries";
import type { Job } from "../api/types";
import { size } from "../format/numbers";
import { JobState } from "../jobs/JobLine";
import { isOpen } from "../jobs/pace";
import { ErrorState } from "../parts/ErrorState";
import { Loading } from "../parts/Loading";
import { useDeed } from "../parts/useDeed";
import { t, told } from "../words";
import { manyOf } from "../words/nouns";
import { Outcome } from "./Outcome";
import { type Importing, type ImportKind, useImportJob } from "./useImporting";

interface Props {
  kind: ImportKind;
  experience: string;
  importing: Importing;
}

export default function ImportDialog({ kind, experience, importing }: Props) {
  const title = useExperienceTitle()(experience);
  const { file, sent, error, id, close } = importing;
  return (
    <Modal
      opened
      onClose={close}
      size="xl"
      closeOnClickOutside={false}
      title={t("imports.title", { what: manyOf(kind), experience: title })}
      closeButtonProps={{ "aria-label": t("common.close") }}
    >
      {file && (
        <p className="import-file">
          <bdi>{file.name}</bdi> <span className="dimmed">{size(file.size)}</span>
        </p>
      )}
      {sent !== undefined ? (
        <Sending sent={sent} onStop={close} />
      ) : error ? (
        <Broken importing={importing} />
      ) : id ? (
        <Following key={id} id={id} importing={importing} />
      ) : null}
    </Modal>
  );
}

function Sending({ sent, onStop }: { sent: number; onStop: () => void }) {
  const percent = Math.round(sent * 100);
  return (
    <>
      <Progress value={percent} aria-label={t("upload.sending", { percent })} />
      <Text size="sm" mt={6} role="status">
        {navigator.onLine ? t("upload.sending", { percent }) : t("upload.offline")}
      </Text>
      <Foot>
        <Button variant="default" onClick={onStop}>
          {t("upload.stop")}
        </Button>
      </Foot>
    </>
  );
}

/** The file is still in the hand, whatever went wrong. */
function Broken({ importing }: { importing: Importing }) {
  const { file, error, begin } = importing;
  return (
    <>
      <ErrorState error={error} {...(file && { retry: () => begin(file, true) })} />
      <Foot>
        <Another importing={importing} />
      </Foot>
    </>
  );
}

function Following({ id, importing }: { id: string; importing: Importing }) {
  const job = useImportJob(id);
  if (job.error) return <ErrorState error={job.error} retry={job.refetch} />;
  if (!job.data) return <Loading />;
  if (isOpen(job.data)) return <Working job={job.data} stop={job.stop} importing={importing} />;
  return job.data.state === "done" ? (
    <Outcome job={job.data} importing={importing} />
  ) : (
    <Failed job={job.data} importing={importing} />
  );
}

function Working({ job, stop, importing }: { job: Job; stop: () => Promise<void>; importing: Importing }) {
  const ending = useDeed(stop);
  const isLost = job.state === "waiting" && !importing.file;
  return (
    <>
      <div role="status">
        <JobState job={job} />
        <Text size="sm" mt={6}>
          {t(isLost ? "imports.lost" : job.dry_run ? "imports.checking" : "imports.running")}
        </Text>
      </div>
      {ending.error && <ErrorState error={ending.error} />}
      <Foot>
        {isLost && <Another importing={importing} />}
        <Button variant="default" loading={ending.isPending} onClick={() => ending.run()}>
          {t("job.cancel")}
        </Button>
        <Button onClick={importing.close}>{t("imports.aside")}</Button>
      </Foot>
    </>
  );
}

function Failed({ job, importing }: { job: Job; importing: Importing }) {
  const { file, begin } = importing;
  return (
    <>
      <Text className="failure" role="alert">
        {job.error?.detail ?? told("job_state", job.state)}
      </Text>
      <Foot>
        <Another importing={importing} />
        {file && <Button onClick={() => begin(file, true)}>{t("error.retry")}</Button>}
      </Foot>
    </>
  );
}

export function Another({ importing }: { importing: Importing }) {
  return (
    <FileButton onChange={(file) => file && void importing.begin(file, true)} accept=".csv,.txt,.tsv,.xlsx">
      {(props) => (
        <Button {...props} variant="default">
          {t("imports.another")}
        </Button>
      )}
    </FileButton>
  );
}

export function Foot({ children }: { children: React.ReactNode }) {
  return (
    <Group justify="flex-end" gap="xs" mt="md">
      {children}
    </Group>
  );
}
