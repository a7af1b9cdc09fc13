// The keys that work, and the button that ends one.
import { Button, Group, Popover, Table, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "../../api/client";
import { useExperienceTitle } from "../../api/queries";
import type { paths } from "../../api/schema";
import { reason } from "../../parts/ErrorState";
import { Gone, Time } from "../../parts/Time";
import { t, told } from "../../words";

type Key = paths["/v1/keys"]["get"]["responses"][200]["content"]["application/json"]["items"][number];

export function KeysTable({ items }: { items: readonly Key[] }) {
  const title = useExperienceTitle();
  return (
    <Table className="few" aria-label={t("nav.keys")}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t("key.name")}</Table.Th>
          <Table.Th>{t("key.ends_with")}</Table.Th>
          <Table.Th className="wide">{t("key.may")}</Table.Th>
          <Table.Th className="wide">{t("col.experience")}</Table.Th>
          <Table.Th>{t("key.last_used")}</Table.Th>
          <Table.Th className="wide">{t("key.made")}</Table.Th>
          <Table.Th className="wide">{t("key.expires")}</Table.Th>
          <Table.Th>
            <span className="sr-only">{t("key.revoke")}</span>
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {items.map((key) => (
          <Table.Tr key={key.id} data-row={key.id}>
            <Table.Td fw={550}>
              <bdi>{key.name}</bdi>
            </Table.Td>
            <Table.Td>
              <code className="mono">…{key.last4}</code>
            </Table.Td>
            <Table.Td className="wide">{told("key_role", key.role)}</Table.Td>
            <Table.Td className="wide">
              {key.experience ? <bdi>{title(key.experience)}</bdi> : t("filter.all_experiences")}
            </Table.Td>
            <Table.Td>{key.last_used_at ? <Time at={key.last_used_at} /> : t("key.never")}</Table.Td>
            <Table.Td className="wide">
              <Time at={key.created_at} /> <small className="dimmed">{key.created_by}</small>
            </Table.Td>
            <Table.Td className="wide">{key.expires_at ? <Gone at={key.expires_at} /> : t("key.forever")}</Table.Td>
            <Table.Td ta="right">
              <Revoke of={key} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Revoke({ of: key }: { of: Key }) {
  const [asking, setAsking] = useState(false);
  const cache = useQueryClient();
  const revoking = useMutation({
    mutationFn: () => answer(api.DELETE("/v1/keys/{id}", { params: { path: { id: key.id } } })),
    onSuccess: () => cache.invalidateQueries({ queryKey: ["keys"] }),
  });
  return (
    <Popover
      opened={asking}
      onChange={setAsking}
      width={320}
      position="bottom-end"
      withArrow
      trapFocus
      returnFocus
      withRoles={false}
    >
      <Popover.Target>
        <Button
          size="compact-xs"
          variant="default"
          onClick={() => setAsking(!asking)}
          aria-label={t("key.revoke_one", { name: key.name })}
        >
          {t("key.revoke")}
        </Button>
      </Popover.Target>
      <Popover.Dropdown role="alertdialog" aria-label={t("key.revoke_title")} ta="left">
        <Text fw={600} size="sm">
          {t("key.revoke_title")}
        </Text>
        <Text size="sm">
          <bdi>{key.name}</bdi> …{key.last4}
        </Text>
        <Text size="sm" c="dimmed">
          {t("key.revoke_follows")}
        </Text>
        {revoking.error && (
          <p className="failure" role="alert">
            {reason(revoking.error)}
          </p>
        )}
        <Group justify="flex-end" mt="sm" gap="xs">
          <Button size="xs" variant="default" onClick={() => setAsking(false)} data-autofocus>
            {t("delete.keep")}
          </Button>
          <Button size="xs" color="red" loading={revoking.isPending} onClick={() => revoking.mutate()}>
            {t("key.revoke_do")}
          </Button>
        </Group>
      </Popover.Dropdown>
    </Popover>
  );
}
