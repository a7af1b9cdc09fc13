// Who was drawn, by tickets: winners by slot, who came in whose place, alternates, who was skipped and why.
import { Title } from "@mantine/core";
import { t, told } from "../words";
import type { Certificate, Drawn as Place } from "./form";

export function Drawn({ certificate: { drawn, skipped } }: { certificate: Certificate }) {
  if (drawn.length + skipped.length === 0) return null;
  return (
    <section>
      <Title order={2} size="h5">
        {t("cert.drawn")}
      </Title>
      <ol className="cert-drawn">
        {drawn.map((place) => (
          <li key={place.label} data-gone={isReplaced(place, drawn) || undefined}>
            <span className="cert-slot">{place.slot ?? "–"}</span>
            <code>{place.label}</code>
            <span>{noteOf(place, drawn)}</span>
          </li>
        ))}
      </ol>
      {skipped.length > 0 && (
        <details className="cert-skipped">
          <summary>{t("cert.skipped", { count: skipped.length })}</summary>
          <p className="dimmed">{t("cert.skipped_hint")}</p>
          <ul>
            {skipped.map(({ label, reason }) => (
              <li key={label}>
                <code>{label}</code> {told("why", reason)}
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

function isReplaced({ slot, label }: Place, all: readonly Place[]): boolean {
  return all.some((other) => other.slot === slot && other.replaces === label);
}

function noteOf(place: Place, all: readonly Place[]): string {
  const after = all.find((other) => other.slot === place.slot && other.replaces === place.label);
  const notes = [
    place.slot === null ? t("cert.alternate") : (place.prize ?? ""),
    place.replaces ? t("cert.replaces", { label: place.replaces }) : "",
    after?.reason ? t("cert.replaced", { reason: told("why", after.reason) }) : "",
  ];
  return notes.filter(Boolean).join(" · ");
}
