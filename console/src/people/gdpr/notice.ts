// The privacy notice as plain text, to be pasted where a company publishes its own.
export interface PrivacyNotice {
  locale: string;
  controller: string | null;
  contact: string | null;
  dpo: string | null;
  authority: string | null;
  kinds: { name: string; title: string; columns: string[]; days: number; kept: string; purpose: string }[];
  also: { what: string; kept: string }[];
  proof: { months: number; text: string };
  rights: { article: string; text: string }[];
  recipients: string[];
}

export interface Labels {
  who: Record<"controller" | "contact" | "dpo" | "authority", string>;
  title: string;
  kept: string;
  also: string;
  proof: string;
  rights: string;
  recipients: string;
}

export function asText(notice: PrivacyNotice, labels: Labels): string {
  const who = (["controller", "contact", "dpo", "authority"] as const)
    .filter((name) => notice[name])
    .map((name) => `${labels.who[name]}: ${notice[name]}`);
  const kinds = notice.kinds.map((kind) => `${kind.title} (${kind.columns.join(", ")})\n${kind.purpose} ${kind.kept}`);
  return [
    labels.title,
    who.join("\n"),
    labels.kept,
    ...kinds,
    labels.also,
    notice.also.map(({ what, kept }) => `– ${what}: ${kept}`).join("\n"),
    labels.proof,
    notice.proof.text,
    labels.rights,
    notice.rights.map(({ article, text }) => `– ${article}: ${text}`).join("\n"),
    labels.recipients,
    notice.recipients.map((text) => `– ${text}`).join("\n"),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}
