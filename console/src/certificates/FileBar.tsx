// The two files: kept by whoever wants to check them later or elsewhere, and brought back by whoever kept them.
import { Button, FileButton, Group } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { useRef } from "react";
import { Copy, Download, Upload } from "../parts/icons";
import { saveAs } from "../parts/saving";
import { t } from "../words";
import type { Files } from "./useCopy";

interface Props {
  files: Files | undefined;
  isOwn: boolean;
  onFiles: (files: readonly File[]) => void;
  onBack: () => void;
}

export function FileBar({ files, isOwn, onFiles, onBack }: Props) {
  return (
    <footer className="certificate-files">
      {isOwn && (
        <p className="own-files" role="status">
          {t("cert.own")}{" "}
          <Button size="xs" variant="default" onClick={onBack}>
            {t("cert.back")}
          </Button>
        </p>
      )}
      <Group gap="xs">
        {files?.certificate && (
          <Button
            size="xs"
            variant="default"
            leftSection={<Download size={15} />}
            onClick={() => saveAs("certificate.json", files.certificate, "application/json")}
          >
            {t("cert.download")}
          </Button>
        )}
        {files?.labels && (
          <Button
            size="xs"
            variant="default"
            leftSection={<Download size={15} />}
            onClick={() => files.labels && saveAs("labels.txt", files.labels, "text/plain")}
          >
            {t("cert.download_list")}
          </Button>
        )}
        <Bring onFiles={onFiles} />
        <Share />
        <Button size="xs" variant="default" onClick={() => print()}>
          {t("cert.print")}
        </Button>
      </Group>
      <p className="dimmed">{t("cert.how")}</p>
    </footer>
  );
}

/** The same file can be brought again once it was changed. */
function Bring({ onFiles }: Pick<Props, "onFiles">) {
  const reset = useRef<() => void>(null);
  const bring = (files: File[]) => {
    onFiles(files);
    reset.current?.();
  };
  return (
    <FileButton resetRef={reset} onChange={bring} accept=".json,.txt,application/json,text/plain" multiple>
      {(props) => (
        <Button {...props} size="xs" variant="default" leftSection={<Upload size={15} />}>
          {t("cert.upload")}
        </Button>
      )}
    </FileButton>
  );
}

/** By the system's own way to share where there is one, else by copying the address. */
function Share() {
  const clipboard = useClipboard({ timeout: 2500 });
  const share = async () => {
    const told = { title: document.title, url: location.href };
    if (!navigator.share) return clipboard.copy(location.href);
    await navigator.share(told).catch(() => undefined); // closed again without sharing
  };
  return (
    <Button size="xs" leftSection={<Copy size={15} />} onClick={share}>
      <span aria-live="polite">{t(clipboard.copied ? "cert.shared" : "cert.share")}</span>
    </Button>
  );
}
