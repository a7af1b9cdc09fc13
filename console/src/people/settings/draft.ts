// The settings as a form has them, where what is missing is an empty text, and as the API takes them.
export const LOCALES = ["de", "en"] as const;
export const WHO = ["controller", "contact", "dpo", "authority"] as const;
export type Locale = (typeof LOCALES)[number];

type Texts = Record<(typeof WHO)[number], string> & { purposes: Record<string, string> };

export interface Draft {
  time_zone: string;
  locale: Locale;
  consent_proof_months: number | string;
  receipt_months: number | string;
  collect_rate: number | string; // empty: no limit of their own
  privacy: Record<Locale, Texts>;
}

export interface Settings {
  time_zone: string;
  locale: string;
  consent_proof_months: number;
  receipt_months: number;
  collect_rate: number | null;
  privacy: Partial<Record<Locale, Partial<Omit<Texts, "purposes">> & { purposes?: Record<string, string> }>>;
}

export function drafted(settings: Settings): Draft {
  return {
    ...settings,
    locale: settings.locale === "en" ? "en" : "de",
    collect_rate: settings.collect_rate ?? "",
    privacy: { de: texts(settings, "de"), en: texts(settings, "en") },
  };
}

function texts({ privacy }: Settings, locale: Locale): Texts {
  const told = privacy[locale] ?? {};
  const [controller, contact, dpo, authority] = WHO.map((name) => told[name] ?? "") as [string, string, string, string];
  return { controller, contact, dpo, authority, purposes: { ...told.purposes } };
}

/** Without the texts that are empty: what is left out is not told. A number that was cleared is its default. */
export function body(draft: Draft): Settings {
  const privacy = Object.fromEntries(
    LOCALES.map((locale) => [locale, told(draft.privacy[locale])] as const).filter(([, one]) => !isEmpty(one)),
  );
  const months = (value: number | string, otherwise: number) => (value === "" ? otherwise : Number(value));
  return {
    time_zone: draft.time_zone,
    locale: draft.locale,
    consent_proof_months: months(draft.consent_proof_months, 0),
    receipt_months: months(draft.receipt_months, 36),
    collect_rate: draft.collect_rate === "" ? null : Number(draft.collect_rate),
    privacy,
  };
}

function told({ purposes, ...who }: Texts) {
  const some = filled(purposes);
  return { ...filled(who), ...(!isEmpty(some) && { purposes: some }) };
}

function filled(texts: Record<string, string>): Record<string, string> {
  const trimmed = Object.entries(texts).map(([name, text]) => [name, text.trim()] as const);
  return Object.fromEntries(trimmed.filter(([, text]) => text !== ""));
}

function isEmpty(object: object): boolean {
  return Object.keys(object).length === 0;
}

export function isChanged(draft: Draft, settings: Settings): boolean {
  return JSON.stringify(body(draft)) !== JSON.stringify(body(drafted(settings)));
}
