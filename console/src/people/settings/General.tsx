// Time zone and language.
import { Select } from "@mantine/core";
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
    </div>
  );
}

/** The one that is set may be an alias that browsers do not list. */
function zones(set: string): string[] {
  return [...new Set([set, "UTC", ...Intl.supportedValuesOf("timeZone")])].sort();
}
