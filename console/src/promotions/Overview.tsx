// The first page: what waits, how many came, what is left, what will be gone, what runs. Nothing else.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { answer, api } from "../api/client";
import type { Overview as Answer } from "../api/types";
import { Page } from "../frame/Page";
import { DailyChart } from "../overview/DailyChart";
import { GoingSoon } from "../overview/GoingSoon";
import { LastJobs } from "../overview/LastJobs";
import { NeedsYou } from "../overview/NeedsYou";
import { Stock } from "../overview/Stock";
import "../overview/overview.css";
import { Skeleton } from "@mantine/core";
import { useState } from "react";
import { ErrorState } from "../parts/ErrorState";
import { Time } from "../parts/Time";
import { t } from "../words";

const EVERY = 60_000; // milliseconds

export default function Overview() {
  const [experience, setExperience] = useState("");
  const all = useOverview("");
  const chosen = useOverview(experience);
  return (
    <Page title={t("tab.overview")} promise={all.data ? <AsOf at={all.data.as_of} /> : <>&nbsp;</>}>
      {all.error && !all.data ? <ErrorState error={all.error} retry={all.refetch} /> : null}
      {all.data ? (
        <div className="overview">
          <NeedsYou overview={all.data} />
          <DailyChart found={chosen} experience={experience} onExperience={setExperience} />
          <Stock stock={all.data.stock} />
          <GoingSoon overview={all.data} />
          <LastJobs />
        </div>
      ) : (
        !all.error && <Waiting />
      )}
    </Page>
  );
}

export function useOverview(experience: string) {
  return useQuery<Answer>({
    queryKey: ["overview", experience],
    queryFn: async ({ signal }) => {
      const query = experience ? { experience } : {};
      return (await answer(api.GET("/v1/overview", { params: { query }, signal }))) as unknown as Answer;
    },
    placeholderData: keepPreviousData,
    refetchInterval: EVERY,
    staleTime: EVERY / 2,
  });
}

function AsOf({ at }: { at: string }) {
  return (
    <>
      {t("overview.as_of")} <Time at={at} as="moment" />
    </>
  );
}

function Waiting() {
  return (
    <div className="overview" role="status" aria-label={t("common.loading")}>
      <Skeleton height={52} />
      <Skeleton height={280} />
      <Skeleton height={140} />
    </div>
  );
}
