// The packages a person can ask for: everything to read (access), or what they provided, for programs (portability).
import { Button, Group, SegmentedControl } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "../../api/client";
import { Problem } from "../../api/problem";
import type { Job } from "../../api/types";
import { keyOf, useJob } from "../../jobs/following";
import { isOpen } from "../../jobs/pace";
import { ErrorState, reason } from "../../parts/ErrorState";
import { currentLanguage, LANGUAGES, t } from "../../words";
import { JobProgress } from "../JobProgress";
import { Section } from "../Section";
import { PackageLink } from "./PackageLink";
import { keyOfCustomer, type Whole } from "./useCustomer";

export const PURPOSES = ["access", "portability"] as const;
type Purpose = (typeof PURPOSES)[number];
type Locale = "de" | "en";

export function Packages({ whole }: { whole: Whole }) {
  const [locale, setLocale] = useState<Locale>(whole.customer.locale?.startsWith("de") ? "de" : currentLanguage());
  return (
    <Section title={t("package.title")} lead={t("package.lead")}>
      <Group gap="xs" mb="xs">
        <span className="small">{t("package.locale")}</span>
        <SegmentedControl
          size="xs"
          aria-label={t("package.locale")}
          value={locale}
          onChange={(value) => setLocale(value as Locale)}
          data={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))}
        />
      </Group>
      {PURPOSES.map((purpose) => (
        <Package key={purpose} whole={whole} purpose={purpose} locale={locale} />
      ))}
    </Section>
  );
}

function Package({ whole, purpose, locale }: { whole: Whole; purpose: Purpose; locale: Locale }) {
  const id = whole.customer.id;
  const made = useJob(whole.packages[purpose]);
  const ordering = useOrder(id, purpose);
  const job = isGone(made.error) ? undefined : made.data;
  const pending = ordering.isPending || (job !== undefined && isOpen(job));
  return (
    <div className="package">
      <h3>{t(`package.${purpose}`)}</h3>
      <p className="dimmed small">{t(`package.${purpose}_holds`)}</p>
      {job && <JobProgress job={job} label={t("package.making")} />}
      {job?.state === "done" && <PackageLink job={job} />}
      {made.error && !isGone(made.error) && <ErrorState error={made.error} retry={made.refetch} />}
      {ordering.error && (
        <p className="failure" role="alert">
          {reason(ordering.error)}
        </p>
      )}
      {!pending && (
        <Button size="xs" variant="default" onClick={() => ordering.mutate(locale)}>
          {t(job?.state === "done" ? `package.again` : `package.order_${purpose}`)}
        </Button>
      )}
    </div>
  );
}

function useOrder(id: string, purpose: Purpose) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (locale: Locale): Promise<Job> =>
      answer(api.POST("/v1/customers/{id}/packages", { params: { path: { id } }, body: { purpose, locale } })),
    onSuccess: (job) => {
      cache.setQueryData(keyOf(job.id), job);
      cache.setQueryData<Whole>(keyOfCustomer(id), (whole) =>
        whole ? { ...whole, packages: { ...whole.packages, [purpose]: job.id } } : whole,
      );
    },
  });
}

/** Jobs are kept for 30 days. */
function isGone(error: unknown): boolean {
  return error instanceof Problem && error.status === 404;
}
