// Coupons or codes of one experience: what is left of them, bringing more in, the list.
import { Button, Select } from "@mantine/core";
import { useEffect, useMemo } from "react";
import { Link, useSearchParams } from "react-router";
import { useExperiences, useExperienceTitle, useMe } from "../api/queries";
import { Page } from "../frame/Page";
import { Imports } from "../imports/Imports";
import { Stock } from "../imports/Stock";
import type { ImportKind } from "../imports/useImporting";
import { COLUMNS } from "../lists/columns";
import { RecordList } from "../lists/RecordList";
import { ListActions, Promised } from "../lists/RecordsPage";
import { ErrorState } from "../parts/ErrorState";
import { Loading } from "../parts/Loading";
import { t, told } from "../words";

export function ManageBatches({ kind }: { kind: ImportKind }) {
  const experience = useChosen();
  return (
    <Page
      title={t("tab.codes")}
      promise={<Promised kind={kind} />}
      actions={experience && <ListActions kind={kind} experience={experience} />}
      fills
    >
      <Managed kind={kind} experience={experience} />
    </Page>
  );
}

function Managed({ kind, experience }: { kind: ImportKind; experience: string | undefined }) {
  const experiences = useExperiences();
  if (experiences.error && !experiences.data)
    return <ErrorState error={experiences.error} retry={experiences.refetch} />;
  if (!experiences.data) return <Loading />;
  if (experiences.data.length === 0) return <NoExperience />;
  if (!experience) return <Loading />;
  return <OfExperience key={experience} kind={kind} experience={experience} />;
}

function OfExperience({ kind, experience }: { kind: ImportKind; experience: string }) {
  const within = useMemo(() => ({ experience }), [experience]);
  const columns = useMemo(() => COLUMNS[kind]().filter((column) => column.name !== "experience"), [kind]);
  return (
    <>
      <div className="manage-head">
        <Experience experience={experience} />
        <Stock kind={kind} experience={experience} />
        <div className="manage-deeds">
          <Imports kind={kind} experience={experience} />
        </div>
      </div>
      <RecordList
        kind={kind}
        name={told("many", kind)}
        columns={columns}
        within={within}
        filters={["email", "state", "period"]}
        empty={<Nothing kind={kind} experience={experience} />}
      />
    </>
  );
}

function Experience({ experience }: { experience: string }) {
  const [, setSearch] = useSearchParams();
  const experiences = useExperiences().data ?? [];
  return (
    <Select
      size="xs"
      w={210}
      aria-label={t("filter.experience")}
      data={experiences.map(({ id, title }) => ({ value: id, label: title }))}
      value={experience}
      allowDeselect={false}
      searchable={experiences.length > 8}
      nothingFoundMessage={t("filter.none")}
      onChange={(chosen) => chosen && setSearch({ experience: chosen })}
    />
  );
}

function Nothing({ kind, experience }: { kind: ImportKind; experience: string }) {
  const title = useExperienceTitle()(experience);
  const may = useMe().may("import");
  return (
    <>
      <p>{t(kind === "coupons" ? "manage.no_coupons" : "manage.no_codes", { experience: title })}</p>
      <p className="dimmed">{t(may ? "manage.drop" : "manage.editors")}</p>
    </>
  );
}

function NoExperience() {
  return (
    <div className="empty">
      <p>{t("manage.no_experience")}</p>
      <Button component={Link} to="/experiences" variant="default" size="xs">
        {t("nav.experiences")}
      </Button>
    </div>
  );
}

const LAST = "afterchat.experience";

/** The experience of the address; without one, that of last time or the first that is open. */
function useChosen(): string | undefined {
  const [search, setSearch] = useSearchParams();
  const experiences = useExperiences().data;
  const chosen = search.get("experience") ?? undefined;
  useEffect(() => {
    if (chosen) sessionStorage.setItem(LAST, chosen);
    else if (experiences?.length) {
      const last = experiences.find((one) => one.id === sessionStorage.getItem(LAST));
      const first = last ?? experiences.find((one) => !one.closed && !one.archived) ?? experiences[0];
      if (first) setSearch((before) => withExperience(before, first.id), { replace: true });
    }
  }, [chosen, experiences, setSearch]);
  return chosen;
}

function withExperience(search: URLSearchParams, experience: string): URLSearchParams {
  const next = new URLSearchParams(search);
  next.set("experience", experience);
  return next;
}
