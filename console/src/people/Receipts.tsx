// Receipts: the proof of each erasure and removal, newest first; found by a person's address; whether the chain is whole.
import { CloseButton, Title } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useSearchParams } from "react-router";
import { answer, api } from "../api/client";
import { useMe } from "../api/queries";
import { Page } from "../frame/Page";
import { useKeys } from "../frame/useKeys";
import { NotAllowed } from "../pages/NotAllowed";
import { ErrorState } from "../parts/ErrorState";
import { Loading } from "../parts/Loading";
import { LoadMore } from "../parts/LoadMore";
import { t } from "../words";
import { ReceiptFacts } from "./receipts/ReceiptFacts";
import { ReceiptsTable } from "./receipts/ReceiptsTable";
import { SearchReceipts } from "./receipts/SearchReceipts";
import { VerifyChain } from "./receipts/VerifyChain";
import { Section } from "./Section";

export default function Receipts() {
  if (!useMe().may("receipts")) return <NotAllowed title={t("nav.receipts")} needs="privacy" />;
  return <Listed />;
}

function Listed() {
  const [search, setSearch] = useSearchParams();
  const open = search.get("receipt") ?? undefined;
  const show = (id: string) => setSearch({ receipt: id });
  const close = () => {
    setSearch({});
    document.querySelector<HTMLElement>(`[data-row="${open}"] [data-open]`)?.focus();
  };
  return (
    <Page title={t("nav.receipts")} promise={t("receipt.promise")}>
      <div className={open ? "beside open-beside" : "beside"}>
        <div>
          <div className="pairs">
            <Section title={t("receipt.search")} lead={t("receipt.search_lead")}>
              <SearchReceipts onOpen={show} />
            </Section>
            <Section title={t("receipt.chain")} lead={t("receipt.chain_lead")}>
              <VerifyChain />
            </Section>
          </div>
          <All open={open} onOpen={show} />
        </div>
        {open && <Opened key={open} id={open} onClose={close} />}
      </div>
    </Page>
  );
}

function All({ open, onOpen }: { open: string | undefined; onOpen: (id: string) => void }) {
  const found = useInfiniteQuery({
    queryKey: ["receipts"],
    queryFn: ({ pageParam, signal }) =>
      answer(api.GET("/v1/receipts", { params: { query: pageParam ? { cursor: pageParam } : {} }, signal })),
    initialPageParam: "",
    getNextPageParam: (last) => last.next ?? undefined,
    staleTime: 0,
  });
  if (found.isPending) return <Loading />;
  if (found.isError && !found.data) return <ErrorState error={found.error} retry={found.refetch} />;
  const items = found.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Section title={t("receipt.all")}>
      {items.length === 0 ? (
        <p className="dimmed">{t("receipt.none")}</p>
      ) : (
        <ReceiptsTable name={t("nav.receipts")} items={items} open={open} onOpen={onOpen} />
      )}
      <LoadMore found={found} />
    </Section>
  );
}

function Opened({ id, onClose }: { id: string; onClose: () => void }) {
  const panel = useRef<HTMLElement>(null);
  const receipt = useQuery({
    queryKey: ["receipt", id],
    queryFn: ({ signal }) => answer(api.GET("/v1/receipts/{id}", { params: { path: { id } }, signal })),
  });
  useKeys({ Escape: onClose });
  useEffect(() => panel.current?.focus({ preventScroll: true }), []);
  return (
    <aside className="beside-panel" ref={panel} tabIndex={-1} aria-label={t("receipt.one")}>
      <div className="panel-head">
        <Title order={2} size="h5">
          {t("receipt.one")}
        </Title>
        <CloseButton onClick={onClose} aria-label={t("common.close")} />
      </div>
      {receipt.error && <ErrorState error={receipt.error} retry={receipt.refetch} />}
      {receipt.data ? <ReceiptFacts receipt={receipt.data} /> : !receipt.error && <Loading />}
    </aside>
  );
}
