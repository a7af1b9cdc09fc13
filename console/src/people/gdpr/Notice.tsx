// The privacy notice that follows from the table of kinds and the tenant's settings, in both languages, to be copied.
import { Anchor, Button, SegmentedControl } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { useState } from "react";
import { Link } from "react-router";
import { ErrorState } from "../../parts/ErrorState";
import { Check, Copy } from "../../parts/icons";
import { Loading } from "../../parts/Loading";
import { currentLanguage, LANGUAGES, type Language, t } from "../../words";
import { Section } from "../Section";
import { LABELS } from "./labels";
import { asText } from "./notice";
import { useNotice } from "./useNotice";

export function Notice() {
  const [locale, setLocale] = useState<Language>(currentLanguage());
  const found = useNotice(locale);
  const notice = found.data?.notice;
  return (
    <Section
      title={t("gdpr.notice")}
      lead={t("gdpr.notice_lead")}
      actions={notice && <CopyNotice text={asText(notice, LABELS[locale])} />}
    >
      <SegmentedControl
        size="xs"
        aria-label={t("settings.notice_language")}
        value={locale}
        onChange={(value) => setLocale(value as Language)}
        data={(["de", "en"] as const).map((value) => ({ value, label: LANGUAGES[value] }))}
      />
      {found.error && <ErrorState error={found.error} retry={found.refetch} />}
      {!notice && !found.error && <Loading />}
      {notice && !notice.controller && (
        <p className="warn">
          {t("gdpr.no_controller")}{" "}
          <Anchor component={Link} to="/settings" inherit underline="always">
            {t("nav.settings")}
          </Anchor>
        </p>
      )}
      {notice && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it
        <section className="notice-text" lang={locale} tabIndex={0} aria-label={t("gdpr.notice_text")}>
          {asText(notice, LABELS[locale])}
        </section>
      )}
    </Section>
  );
}

function CopyNotice({ text }: { text: string }) {
  const clipboard = useClipboard();
  return (
    <Button
      size="xs"
      variant="default"
      leftSection={clipboard.copied ? <Check size={15} /> : <Copy size={15} />}
      onClick={() => clipboard.copy(text)}
    >
      <span aria-live="polite">{t(clipboard.copied ? "copy.copied" : "gdpr.copy_notice")}</span>
    </Button>
  );
}
