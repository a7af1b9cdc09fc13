// The form of the settings, with one button for all of it.
import { Alert, Button, Group } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { Problem } from "../../api/problem";
import { useMe } from "../../api/queries";
import { ErrorState } from "../../parts/ErrorState";
import { t } from "../../words";
import { Section } from "../Section";
import type { Read } from "../Settings";
import { type Draft, drafted, isChanged } from "./draft";
import { General } from "./General";
import { NoticeTexts } from "./NoticeTexts";
import { Protection } from "./Protection";
import { useSaving } from "./useSaving";

export interface PartProps {
  draft: Draft;
  change: (changes: Partial<Draft>) => void;
  problem: Problem | undefined;
  readOnly: boolean;
}

export function SettingsForm({ read }: { read: Read }) {
  const me = useMe();
  const [draft, setDraft] = useState(() => drafted(read.saved));
  const saving = useSaving(read, setDraft);
  const [protects, owns] = [me.may("gdpr_settings"), me.may("settings")];
  const change = (changes: Partial<Draft>) => {
    saving.forget();
    setDraft((before) => ({ ...before, ...changes }));
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!saving.pending) saving.save(draft);
  };
  const problem = saving.error instanceof Problem ? saving.error : undefined;
  const part = { draft, change, problem };
  const changed = isChanged(draft, saving.latest.saved);
  return (
    <form onSubmit={submit} className="settings">
      <Section title={t("settings.general")} lead={owns ? undefined : t("settings.owners_only")}>
        <General {...part} readOnly={!owns} />
      </Section>
      <Section title={t("settings.protection")} lead={protects ? undefined : t("settings.privacy_only")}>
        <Protection {...part} saved={saving.latest.saved} readOnly={!protects} />
      </Section>
      <Section title={t("settings.notice")} lead={t("settings.notice_lead")}>
        <NoticeTexts {...part} readOnly={!protects} />
      </Section>
      {protects && (
        <div className="save-bar">
          {saving.conflict ? (
            <Conflict saving={saving} draft={draft} />
          ) : (
            saving.error && <ErrorState error={saving.error} />
          )}
          <Group justify="space-between">
            <span className="dimmed" role="status">
              {saving.saved ? t("settings.saved") : changed ? t("settings.unsaved") : t("settings.unchanged")}
            </span>
            <Button type="submit" loading={saving.pending}>
              {t("common.save")}
            </Button>
          </Group>
        </div>
      )}
    </form>
  );
}

function Conflict({ saving, draft }: { saving: ReturnType<typeof useSaving>; draft: Draft }) {
  return (
    <Alert color="red" title={t("settings.conflict")} role="alert">
      <p>{t("settings.conflict_lead")}</p>
      <Group gap="xs" mt="xs">
        <Button size="xs" variant="default" onClick={saving.takeTheirs}>
          {t("settings.take_theirs")}
        </Button>
        <Button size="xs" variant="default" onClick={() => saving.saveAnyway(draft)}>
          {t("settings.save_mine")}
        </Button>
      </Group>
    </Alert>
  );
}
