// The tenant's own words in the privacy notice, in each language: who answers for the data, and what each kind is for.
import { SegmentedControl, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { KINDS } from "../../api/types";
import { currentLanguage, LANGUAGES, t, told } from "../../words";
import { usePurposes } from "../gdpr/useNotice";
import { LOCALES, type Locale, WHO } from "./draft";
import type { PartProps } from "./SettingsForm";

export function NoticeTexts({ draft, change, problem, readOnly }: PartProps) {
  const [locale, setLocale] = useState<Locale>(currentLanguage());
  const texts = draft.privacy[locale];
  const set = (changes: Partial<typeof texts>) =>
    change({ privacy: { ...draft.privacy, [locale]: { ...texts, ...changes } } });
  const ours = usePurposes(locale);
  const common = { lang: locale, readOnly, maxLength: 1000 };
  return (
    <>
      <SegmentedControl
        size="xs"
        aria-label={t("settings.notice_language")}
        value={locale}
        onChange={(value) => setLocale(value as Locale)}
        data={LOCALES.map((value) => ({ value, label: LANGUAGES[value] }))}
      />
      <div className="columns">
        {WHO.map((name) => (
          <TextInput
            key={name}
            label={t(`settings.${name}`)}
            description={t(`settings.${name}_lead`)}
            value={texts[name]}
            onChange={({ currentTarget }) => set({ [name]: currentTarget.value })}
            error={problem?.at(`/privacy/${locale}/${name}`)}
            {...common}
          />
        ))}
      </div>
      <h3>{t("settings.purposes")}</h3>
      <p className="dimmed small">{t("settings.purposes_lead")}</p>
      <div className="columns">
        {KINDS.map((kind) => (
          <Textarea
            key={kind}
            label={told("many", kind)}
            autosize
            minRows={1}
            placeholder={ours.get(kind)}
            value={texts.purposes[kind] ?? ""}
            onChange={({ currentTarget }) => set({ purposes: { ...texts.purposes, [kind]: currentTarget.value } })}
            error={problem?.at(`/privacy/${locale}/purposes/${kind}`)}
            {...common}
          />
        ))}
      </div>
    </>
  );
}
