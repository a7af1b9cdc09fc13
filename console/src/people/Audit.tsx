// The audit log: who of the team did what, newest first. Customers are keyed hashes in it.
import { Button, Select } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useSearchParams } from "react-router";
import { answer, api } from "../api/client";
import { useMe } from "../api/queries";
import { Page } from "../frame/Page";
import type { Filters as Filtered } from "../lists/filters";
import { nextDay, startOfDay } from "../lists/filters";
import { Period } from "../lists/Toolbar";
import { NotAllowed } from "../pages/NotAllowed";
import { ErrorState } from "../parts/ErrorState";
import { Loading } from "../parts/Loading";
import { LoadMore } from "../parts/LoadMore";
import { t } from "../words";
import { ACTIONS, type Action } from "./audit/actions";
import { NotesTable } from "./audit/NotesTable";
import "./people.css";

export default function Audit() {
  if (!useMe().may("audit")) return <NotAllowed title={t("nav.audit")} needs="privacy" />;
  return (
    <Page title={t("nav.audit")} promise={t("audit.promise")}>
      <Filters />
      <Notes />
    </Page>
  );
}

function Filters() {
  const [search, setSearch] = useSearchParams();
  const value = (name: string) => search.get(name) ?? "";
  const change = (changes: Filtered) =>
    setSearch(
      (before) => {
        const next = new URLSearchParams(before);
        for (const [name, to] of Object.entries(changes)) {
          if (to) next.set(name, to);
          else next.delete(name);
        }
        return next;
      },
      { replace: true },
    );
  return (
    <search className="toolbar">
      <Select
        size="xs"
        w={240}
        aria-label={t("audit.action")}
        placeholder={t("audit.all_actions")}
        data={Object.entries(ACTIONS).map(([value, word]) => ({ value, label: t(word) }))}
        value={value("action") || null}
        onChange={(action) => change({ action: action ?? "" })}
        searchable
        clearable
        clearButtonProps={{ "aria-label": t("filter.clear") }}
        nothingFoundMessage={t("filter.none")}
      />
      <Period state={{ chosen: { from: value("from"), to: value("to") }, change }} />
      {search.size > 0 && (
        <Button size="xs" variant="subtle" color="gray" onClick={() => setSearch({}, { replace: true })}>
          {t("list.clear")}
        </Button>
      )}
    </search>
  );
}

function useNotes() {
  const [search] = useSearchParams();
  const zone = useMe().time_zone;
  const query = useMemo(() => {
    const [action, from, to] = ["action", "from", "to"].map((name) => search.get(name) ?? "");
    return {
      ...(action && { action: action as Action }),
      ...(from && { from: startOfDay(from, zone) }),
      ...(to && { to: startOfDay(nextDay(to), zone) }),
    };
  }, [search, zone]);
  return useInfiniteQuery({
    queryKey: ["audit", query],
    queryFn: ({ pageParam, signal }) =>
      answer(
        api.GET("/v1/audit", { params: { query: { ...query, ...(pageParam && { cursor: pageParam }) } }, signal }),
      ),
    initialPageParam: "",
    getNextPageParam: (last) => last.next ?? undefined,
    staleTime: 0,
  });
}

function Notes() {
  const found = useNotes();
  if (found.isPending) return <Loading />;
  if (found.isError && !found.data) return <ErrorState error={found.error} retry={found.refetch} />;
  const items = found.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      {items.length === 0 ? <p className="empty">{t("list.no_match")}</p> : <NotesTable items={items} />}
      <LoadMore found={found} />
    </>
  );
}
