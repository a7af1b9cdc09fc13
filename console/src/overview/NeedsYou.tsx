// What waits for somebody, each a link to where it is done; when nothing does, one line says so.
import { Title } from "@mantine/core";
import { Link } from "react-router";
import { useExperienceTitle } from "../api/queries";
import type { Overview } from "../api/types";
import { day } from "../format/times";
import { Check, Right, Warning } from "../parts/icons";
import { t } from "../words";
import { type Need, needs } from "./needs";

export function NeedsYou({ overview }: { overview: Overview }) {
  const found = needs(overview);
  return (
    <section aria-labelledby="needs">
      <Title order={2} size="h5" id="needs">
        {t("overview.needs")}
      </Title>
      {found.length === 0 ? (
        <p className="all-well">
          <Check size={17} /> {t("overview.nothing")}
        </p>
      ) : (
        <ul className="needs">
          {found.map((need) => (
            <Line key={need.key} need={need} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Line({ need }: { need: Need }) {
  const title = useExperienceTitle();
  const { experience, day: until, ...values } = need.values;
  const filled = {
    ...values,
    ...(experience !== undefined && { experience: title(String(experience)) }),
    ...(until !== undefined && { day: day(`${until}T12:00:00Z`) }),
  };
  return (
    <li>
      <Link to={need.to} className="need" data-urgent={need.urgent || undefined}>
        <Warning size={17} />
        <span>{t(need.word, filled)}</span>
        <Right size={15} />
      </Link>
    </li>
  );
}
