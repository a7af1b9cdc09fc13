// The order as it was published: winners, who came in whose place, alternates. Tickets only.
import { Title } from "@mantine/core";
import { t, told } from "../words";
import type { Draw } from "./queries";

export function Places({ draw }: { draw: Draw }) {
  const wasChanged = draw.drawn.some((place) => place.replaces || place.reason);
  return (
    <section>
      <Title order={2} size="h5">
        {t("draw.order")}
      </Title>
      <p className="promise">{t("draw.order_hint")}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard */}
      <section className="places-scroll" tabIndex={0} aria-label={t("draw.order")}>
        <table className="places">
          <thead>
            <tr>
              <th scope="col">{t("draw.place")}</th>
              <th scope="col">{t("col.ticket")}</th>
              <th scope="col">{t("col.prize")}</th>
              {wasChanged && <th scope="col">{t("col.replaces")}</th>}
              {wasChanged && <th scope="col">{t("col.reason")}</th>}
            </tr>
          </thead>
          <tbody>
            {draw.drawn.map((place) => (
              <tr key={place.ticket}>
                <td>{place.slot ?? t("cert.alternate")}</td>
                <td>
                  <code className="mono">{place.ticket}</code>
                </td>
                <td>{place.prize}</td>
                {wasChanged && <td>{place.replaces && <code className="mono">{place.replaces}</code>}</td>}
                {wasChanged && <td>{place.reason && told("why", place.reason)}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </section>
  );
}
