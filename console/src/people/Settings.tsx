// The settings of the tenant: time zone and language for owners, data protection for whoever has that role. What is
// typed stays until it is saved, whatever fails; what somebody else saved meanwhile is not replaced unasked.
import { useQuery } from "@tanstack/react-query";
import { answerWithHeaders, api } from "../api/client";
import { Page } from "../frame/Page";
import { ErrorState } from "../parts/ErrorState";
import { Loading } from "../parts/Loading";
import { t } from "../words";
import type { Settings as Saved } from "./settings/draft";
import { SettingsForm } from "./settings/SettingsForm";
import "./people.css";

export interface Read {
  saved: Saved;
  tag: string;
}

export async function readSettings(signal?: AbortSignal): Promise<Read> {
  const { data, headers } = await answerWithHeaders(api.GET("/v1/settings", signal ? { signal } : {}));
  return { saved: data as Saved, tag: headers.get("etag") ?? "" };
}

export default function Settings() {
  const found = useQuery<Read>({
    queryKey: ["settings"],
    queryFn: ({ signal }) => readSettings(signal),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  return (
    <Page title={t("nav.settings")} promise={t("settings.promise")}>
      {found.error ? (
        <ErrorState error={found.error} retry={found.refetch} />
      ) : found.data ? (
        <SettingsForm read={found.data} />
      ) : (
        <Loading />
      )}
    </Page>
  );
}
