// Entries and customers a day: bars and a line, with a table of the same numbers for whoever would rather read.
import { Select, Title } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import type { UseQueryResult } from "@tanstack/react-query";
import { useState } from "react";
import { useExperiences } from "../api/queries";
import type { Overview } from "../api/types";
import { number } from "../format/numbers";
import { ErrorState } from "../parts/ErrorState";
import { t } from "../words";
import { type Day, daysOf } from "./chart";
import { DayTable, dayName } from "./DayTable";
import { Plot } from "./Plot";

interface Props {
  found: UseQueryResult<Overview>;
  experience: string;
  onExperience: (id: string) => void;
}

export function DailyChart({ found, experience, onExperience }: Props) {
  const days = found.data ? daysOf(found.data) : [];
  return (
    <section aria-labelledby="daily">
      <div className="section-head">
        <Title order={2} size="h5" id="daily">
          {t("overview.daily", { count: days.length || 30 })}
        </Title>
        <Picker experience={experience} onExperience={onExperience} />
      </div>
      {found.error ? (
        <ErrorState error={found.error} retry={found.refetch} />
      ) : (
        <Drawn days={days} hasCustomers={!experience} stale={found.isPlaceholderData} />
      )}
    </section>
  );
}

function Picker({ experience, onExperience }: Pick<Props, "experience" | "onExperience">) {
  const experiences = useExperiences().data ?? [];
  return (
    <Select
      size="xs"
      w={200}
      aria-label={t("filter.experience")}
      placeholder={t("filter.all_experiences")}
      data={experiences.map(({ id, title }) => ({ value: id, label: title }))}
      value={experience || null}
      onChange={(id) => onExperience(id ?? "")}
      clearable
      clearButtonProps={{ "aria-label": t("filter.clear") }}
    />
  );
}

function Drawn({ days, hasCustomers, stale }: { days: Day[]; hasCustomers: boolean; stale: boolean }) {
  const { ref, width } = useElementSize();
  const [at, setAt] = useState<number>();
  const pointed = at === undefined ? undefined : days[at];
  const entries = days.reduce((sum, day) => sum + day.entries + day.plays, 0);
  const customers = days.reduce((sum, day) => sum + day.customers, 0);
  return (
    <div className={stale ? "chart stale" : "chart"}>
      <div className="chart-key">
        <span className="key-bar">
          {t("overview.entries")} <b>{number(pointed ? pointed.entries + pointed.plays : entries)}</b>
        </span>
        {hasCustomers ? (
          <span className="key-line">
            {t("overview.customers")} <b>{number(pointed ? pointed.customers : customers)}</b>
          </span>
        ) : (
          <span className="dimmed">{t("overview.no_customers")}</span>
        )}
        {pointed && <span className="dimmed">{dayName(pointed.day)}</span>}
      </div>
      <div ref={ref}>
        <Plot days={days} width={width} hasCustomers={hasCustomers} at={at} onPoint={setAt} />
      </div>
      <DayTable days={days} hasCustomers={hasCustomers} />
    </div>
  );
}
