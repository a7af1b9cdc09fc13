// Which experience, and which part of it: both in the address, so that every view is a link. Whoever comes without
// one sees the first that has such a part.
import { Select } from "@mantine/core";
import { useMemo } from "react";
import { useSearchParams } from "react-router";
import { useExperiences } from "../api/queries";
import { t, told } from "../words";
import type { Document } from "./document";
import { useDocument } from "./useDocument";

export type PartName = "giveaway" | "instant_win" | "reward";
type Members = { giveaway: "giveaways"; instant_win: "instant_wins"; reward: "rewards" };
const MEMBERS: Members = { giveaway: "giveaways", instant_win: "instant_wins", reward: "rewards" };

type Part<N extends PartName> = Document[Members[N]][number];

/** The experience and the part that the address names, else the first of either; `withAll`: none is a choice, too. */
export function useChosen<N extends PartName>(name: N, withAll = false) {
  const [search, setSearch] = useSearchParams();
  const experiences = useExperiences();
  const fitting = experiences.data?.find(({ offers }) => offers.includes(MEMBERS[name]));
  const experience = search.get("experience") ?? (fitting ?? experiences.data?.[0])?.id;
  const document = useDocument(experience);
  const parts = (document.data?.[MEMBERS[name]] ?? []) as Part<N>[];
  const wanted = search.get(name);
  const part = parts.find(({ id }) => id === wanted) ?? (withAll ? undefined : parts[0]);
  const choose = (changes: Record<string, string | null>) =>
    setSearch(Object.entries(changes).flatMap(([key, value]) => (value ? [[key, value] as [string, string]] : [])));
  const within = useMemo(
    () => ({ ...(experience && { experience }), ...(part && { [name]: part.id }) }),
    [experience, part, name],
  );
  return { name, experiences, experience, document, parts, part, within, choose, withAll };
}

export type Chosen<N extends PartName> = ReturnType<typeof useChosen<N>>;

export function Choose<N extends PartName>({ chosen }: { chosen: Chosen<N> }) {
  const { name, experiences, experience, parts, part, choose, withAll } = chosen;
  const all = experiences.data ?? [];
  return (
    <div className="choose">
      <Select
        size="xs"
        label={t("filter.experience")}
        data={all.map(({ id, title }) => ({ value: id, label: title }))}
        value={experience ?? null}
        onChange={(value) => choose({ experience: value })}
        allowDeselect={false}
        searchable={all.length > 8}
        nothingFoundMessage={t("filter.none")}
      />
      {parts.length > 0 && (
        <Select
          size="xs"
          label={told("filter", name)}
          placeholder={withAll ? t("manage.all_rewards") : ""}
          data={parts.map(({ id, title }) => ({ value: id, label: title }))}
          value={part?.id ?? null}
          onChange={(value) => choose({ experience: experience ?? null, [name]: value })}
          allowDeselect={false}
          clearable={withAll}
          clearButtonProps={{ "aria-label": t("filter.clear") }}
        />
      )}
    </div>
  );
}
