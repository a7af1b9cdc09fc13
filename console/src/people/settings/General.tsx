// Time zone, language, and how many calls the chats may send.
import { NumberInput, Select } from "@mantine/core";
import { LANGUAGES, t } from "../../words";
import type { Locale } from "./draft";
import type { PartProps } from "./SettingsForm";

export function General({ draft, change, problem, readOnly }: PartProps) {
  return (
    <div className="columns">
      <Select
        label={t("settings.time_zone")}
        description={t("settings.time_zone_lead")}
        data={zones(draft.time_zone)}
        value={draft.time_zone}
        onChange={(zone) => zone && change({ time_zone: zone })}
        error={problem?.at("/time_zone")}
        limit={60}
        nothingFoundMessage={t("filter.none")}
        searchable
        allowDeselect={false}
        readOnly={readOnly}
      />
      <Select
        label={t("settings.locale")}
        description={t("settings.locale_lead")}
        data={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))}
        value={draft.locale}
        onChange={(locale) => change({ locale: locale as Locale })}
        allowDeselect={false}
        readOnly={readOnly}
      />
      <NumberInput
        label={t("settings.collect_rate")}
        description={t("settings.collect_rate_lead")}
        value={draft.collect_rate}
        onChange={(rate) => change({ collect_rate: rate })}
        error={problem?.at("/collect_rate")}
        min={1}
        max={10_000}
        allowDecimal={false}
        readOnly={readOnly}
      />
    </div>
  );
}

/** The one that is set may be an alias that browsers do not list. */
function zones(set: string): string[] {
  return [...new Set([set, "UTC", ...Intl.supportedValuesOf("timeZone")])].sort();
}
