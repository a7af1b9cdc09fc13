// Always in view: whether something is unsaved, saving it, giving it up, and closing the experience.
import { Button, Popover, Text } from "@mantine/core";
import { useState } from "react";
import { ErrorState } from "../parts/ErrorState";
import { t } from "../words";
import { useDraft } from "./draft";
import type { Editing } from "./Editor";
import { useClose } from "./useExperience";

export function SaveBar({ work }: { work: Editing }) {
  const { saved, mayChange } = useDraft();
  if (!mayChange) return null;
  return (
    <div className="editor-bar">
      <span role="status" className={work.unsaved ? "unsaved" : "dimmed"}>
        {t(work.unsaved ? "editor.unsaved" : "editor.saved")}
      </span>
      {!saved.closed && <CloseButton unsaved={work.unsaved} />}
      {work.unsaved && (
        <Button variant="default" size="sm" onClick={work.discard}>
          {t("editor.discard")}
        </Button>
      )}
      {(work.unsaved || saved.closed) && (
        <Button size="sm" onClick={() => !work.isSaving && work.save()} loading={work.isSaving}>
          {t(saved.closed ? "editor.save_open" : "editor.save")}
        </Button>
      )}
    </div>
  );
}

function CloseButton({ unsaved }: { unsaved: boolean }) {
  const { saved } = useDraft();
  const [asking, setAsking] = useState(false);
  const closing = useClose(saved.id);
  const title = String(saved.document.title);
  return (
    <Popover opened={asking} onChange={setAsking} width={320} position="top-end" trapFocus withArrow withRoles={false}>
      <Popover.Target>
        <Button variant="subtle" color="gray" size="sm" onClick={() => setAsking(!asking)}>
          {t("editor.close")}
        </Button>
      </Popover.Target>
      <Popover.Dropdown role="alertdialog" aria-label={t("editor.close_title", { title })}>
        <Text fw={600}>{t("editor.close_title", { title })}</Text>
        <Text size="sm" my="xs">
          {t(unsaved ? "editor.close_first" : "editor.close_follows")}
        </Text>
        {closing.error ? <ErrorState error={closing.error} /> : null}
        <div className="asked">
          <Button size="xs" variant="default" onClick={() => setAsking(false)} data-autofocus>
            {t("editor.keep_open")}
          </Button>
          {!unsaved && (
            <Button
              size="xs"
              color="red"
              loading={closing.isPending}
              onClick={() => closing.mutate(saved.etag, { onSuccess: () => setAsking(false) })}
            >
              {t("editor.close")}
            </Button>
          )}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
