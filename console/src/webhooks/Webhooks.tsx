// Webhooks: whom Afterchat calls about what, whether the calls succeed, and each call of the last days.
import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useSearchParams } from "react-router";
import { useMe } from "../api/queries";
import { Page } from "../frame/Page";
import { NotAllowed } from "../pages/NotAllowed";
import { ErrorState } from "../parts/ErrorState";
import { Plus } from "../parts/icons";
import { Loading } from "../parts/Loading";
import { t } from "../words";
import { Deliveries } from "./Deliveries";
import { Secret } from "./Secret";
import { WebhookCard } from "./WebhookCard";
import { WebhookForm } from "./WebhookForm";
import { useWebhooks, WEBHOOKS, type Webhook, type WithSecret } from "./webhook";
import "./webhooks.css";

export default function Webhooks() {
  const may = useMe().may("webhooks");
  const [form, setForm] = useState<Webhook | "new">();
  if (!may) return <NotAllowed title={t("nav.webhooks")} needs="owner" />;
  return (
    <Page
      title={t("nav.webhooks")}
      promise={t("hooks.promise")}
      actions={
        <Button size="xs" leftSection={<Plus size={15} />} onClick={() => setForm("new")}>
          {t("hooks.new")}
        </Button>
      }
    >
      <Listed form={form} onForm={setForm} />
    </Page>
  );
}

interface Props {
  form: Webhook | "new" | undefined;
  onForm: (form: Webhook | undefined) => void;
}

function Listed({ form, onForm }: Props) {
  const found = useWebhooks();
  const cache = useQueryClient();
  const [secret, setSecret] = useState<WithSecret>();
  const [search, setSearch] = useSearchParams();
  const anew = () => cache.invalidateQueries({ queryKey: WEBHOOKS });
  if (found.isPending) return <Loading />;
  if (found.isError && !found.data) return <ErrorState error={found.error} retry={found.refetch} />;
  const opened = found.data.find((one) => one.id === search.get("deliveries"));
  return (
    <>
      {found.data.length === 0 && <p className="empty">{t("hooks.none")}</p>}
      <ul className="hooks">
        {found.data.map((webhook) => (
          <WebhookCard
            key={webhook.id}
            webhook={webhook}
            onEdit={() => onForm(webhook)}
            onSecret={setSecret}
            onChanged={anew}
            onDeliveries={() => setSearch({ deliveries: webhook.id })}
          />
        ))}
      </ul>
      {form && (
        <WebhookForm
          webhook={form === "new" ? undefined : form}
          onClose={() => onForm(undefined)}
          onSaved={(saved) => {
            void anew();
            onForm(undefined);
            if ("secret" in saved) setSecret(saved);
          }}
        />
      )}
      {secret && <Secret of={secret} onClose={() => setSecret(undefined)} />}
      {opened && <Deliveries webhook={opened} onClose={() => setSearch({})} />}
    </>
  );
}
