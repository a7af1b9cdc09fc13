// Named keys for machines: made once, shown once, revoked at any time.
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "../api/client";
import { useMe } from "../api/queries";
import { Page } from "../frame/Page";
import { NotAllowed } from "../pages/NotAllowed";
import { ErrorState } from "../parts/ErrorState";
import { Plus } from "../parts/icons";
import { Loading } from "../parts/Loading";
import { t } from "../words";
import { KeysTable } from "./keys/KeysTable";
import { MakeKey } from "./keys/MakeKey";
import "./people.css";

export default function Keys() {
  if (!useMe().may("keys")) return <NotAllowed title={t("nav.keys")} needs="owner" />;
  return <Listed />;
}

function Listed() {
  const [making, setMaking] = useState(false);
  const found = useQuery({
    queryKey: ["keys"],
    queryFn: async ({ signal }) => (await answer(api.GET("/v1/keys", { signal }))).items,
    staleTime: 0,
  });
  const make = (
    <Button size="xs" leftSection={<Plus size={15} />} onClick={() => setMaking(true)}>
      {t("key.make")}
    </Button>
  );
  return (
    <Page title={t("nav.keys")} promise={t("key.promise")} actions={make}>
      {found.error ? (
        <ErrorState error={found.error} retry={found.refetch} />
      ) : found.data?.length === 0 ? (
        <p className="empty">{t("key.none")}</p>
      ) : found.data ? (
        <KeysTable items={found.data} />
      ) : (
        <Loading />
      )}
      {making && <MakeKey onClose={() => setMaking(false)} />}
    </Page>
  );
}
