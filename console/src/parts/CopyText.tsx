// A text in monospace that a click copies.
import { UnstyledButton } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { t } from "../words";
import { Check, Copy } from "./icons";

export function CopyText({ text, shown = text }: { text: string; shown?: string }) {
  const clipboard = useClipboard();
  return (
    <UnstyledButton className="copy" onClick={() => clipboard.copy(text)} title={text}>
      <span className="sr-only">{t("copy.copy")} </span>
      <bdi>{shown}</bdi> {clipboard.copied ? <Check size={13} /> : <Copy size={13} />}
      <span className="sr-only" aria-live="polite">
        {clipboard.copied ? t("copy.copied") : ""}
      </span>
    </UnstyledButton>
  );
}
