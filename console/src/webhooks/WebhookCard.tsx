// One webhook: where it calls, about what, how it fares, and what can be done with it.
import { ActionIcon, Button, Menu, Text } from "@mantine/core";
import { useState } from "react";
import { Tag } from "../lists/values";
import { reason } from "../parts/ErrorState";
import { Bin, Dots, Key, Settings } from "../parts/icons";
import { Time } from "../parts/Time";
import { useDeed } from "../parts/useDeed";
import { t, told } from "../words";
import { Ask } from "./Ask";
import {
  change,
  type Delivery,
  hostOf,
  remove,
  rotate,
  targetOf,
  test,
  type Webhook,
  type WithSecret,
} from "./webhook";

interface Props {
  webhook: Webhook;
  onEdit: () => void;
  onSecret: (secret: WithSecret) => void;
  onChanged: () => unknown;
  onDeliveries: () => void;
}

export function WebhookCard({ webhook, onEdit, onSecret, onChanged, onDeliveries }: Props) {
  const [asking, setAsking] = useState<"rotate" | "delete">();
  const tested = useDeed(() => test(webhook.id), onChanged);
  const turned = useDeed(() => change(webhook.id, targetOf(webhook), !webhook.enabled), onChanged);
  const host = hostOf(webhook);
  return (
    <li className="hook" data-webhook={webhook.id}>
      <div className="hook-head">
        <h2>
          <bdi>{host}</bdi>
        </h2>
        <Standing webhook={webhook} />
        <Menu position="bottom-end" shadow="md">
          <Menu.Target>
            <ActionIcon variant="subtle" color="gray" aria-label={t("hooks.more", { host })}>
              <Dots />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<Settings size={16} />} onClick={onEdit}>
              {t("hooks.edit")}
            </Menu.Item>
            <Menu.Item leftSection={<Key size={16} />} onClick={() => setAsking("rotate")}>
              {t("hooks.rotate")}
            </Menu.Item>
            <Menu.Divider />
            <Menu.Item color="red" leftSection={<Bin size={16} />} onClick={() => setAsking("delete")}>
              {t("hooks.delete")}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </div>
      <About webhook={webhook} />
      <div className="tray-deeds">
        <Button size="xs" variant="default" onClick={onDeliveries}>
          {t("hooks.deliveries")}
        </Button>
        <Button size="xs" variant="default" loading={tested.isPending} onClick={() => tested.run()}>
          {t("hooks.test")}
        </Button>
        <Button size="xs" variant="default" loading={turned.isPending} onClick={() => turned.run()}>
          {t(webhook.enabled ? "hooks.pause" : "hooks.resume")}
        </Button>
        {tested.data && <Tested delivery={tested.data} />}
      </div>
      {(tested.error ?? turned.error) && (
        <Text size="sm" className="failure" role="alert">
          {reason(tested.error ?? turned.error)}
        </Text>
      )}
      {asking === "rotate" && (
        <Ask
          what="rotate"
          host={host}
          deed={() => rotate(webhook.id)}
          onDone={(made) => {
            onSecret(made);
            return onChanged();
          }}
          onClose={() => setAsking(undefined)}
        />
      )}
      {asking === "delete" && (
        <Ask
          what="delete"
          host={host}
          deed={() => remove(webhook.id)}
          onDone={onChanged}
          onClose={() => setAsking(undefined)}
        />
      )}
    </li>
  );
}

function Standing({ webhook }: { webhook: Webhook }) {
  if (!webhook.enabled) return <Tag tone="calm">{t("hooks.off")}</Tag>;
  if (webhook.failing_since) return <Tag tone="bad">{t("hooks.failing")}</Tag>;
  return <Tag tone="good">{t("hooks.on")}</Tag>;
}

function About({ webhook }: { webhook: Webhook }) {
  const { failing_since: failing, disabled_at: disabled, old_secret_until: old } = webhook;
  return (
    <div className="hook-about">
      {webhook.description && (
        <p>
          <bdi>{webhook.description}</bdi>
        </p>
      )}
      <p className="mono dimmed">
        <bdi>{webhook.url}</bdi>
      </p>
      <p>{webhook.types.map((type) => told("event", type)).join(" · ")}</p>
      <p className="dimmed">
        {t("hooks.secret")} <span className="mono">whsec_••••</span> ·{" "}
        {webhook.include.length > 0
          ? webhook.include.map((name) => told("hooks.include", name)).join(", ")
          : t("hooks.no_personal")}
      </p>
      {disabled ? (
        <p className="failure">
          {t("hooks.disabled_since")} <Time at={disabled} as="moment" />
        </p>
      ) : (
        failing && (
          <p className="failure">
            {t("hooks.failing_since")} <Time at={failing} as="moment" />
          </p>
        )
      )}
      {old && (
        <p className="soon">
          {t("hooks.old_secret")} <Time at={old} as="moment" />
        </p>
      )}
    </div>
  );
}

function Tested({ delivery }: { delivery: Delivery }) {
  const { state, status, duration_ms: count, error } = delivery;
  if (state === "delivered")
    return (
      <span role="status">
        <Tag tone="good">{t("hooks.tested", { status: String(status), count: count ?? 0 })}</Tag>
      </span>
    );
  return (
    <span className="failure" role="alert">
      {t("hooks.test_failed", { error: error ?? String(status ?? state) })}
    </span>
  );
}
