// The first of the three ways to delete: one record, asked at its bin, with what follows in plain words.
import { Button, Group, Popover, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "react-router";
import type { KindName, Row } from "../api/types";
import { useForget } from "../lists/useRecords";
import { reason } from "../parts/ErrorState";
import { t, told } from "../words";
import { deleteOne } from "./deleteOne";

interface Props {
  kind: KindName;
  row: Row;
  anchor: HTMLElement;
  onClose: () => void;
  onDeleted: () => void;
}

export function DeletePopover({ kind, row, anchor, onClose, onDeleted }: Props) {
  const forget = useForget();
  const navigate = useNavigate();
  const removal = useMutation({
    mutationFn: () => deleteOne(kind, row.id),
    onSuccess: () => {
      forget(kind, [row.id]);
      onDeleted();
      onClose();
    },
  });
  const isCustomer = kind === "customers";
  const confirm = () => (isCustomer ? navigate(`/customers/${row.id}?erase=1`) : removal.mutate());
  const box = anchor.getBoundingClientRect();
  return (
    <Popover
      opened
      onChange={(opened) => !opened && onClose()}
      onClose={onClose}
      trapFocus
      returnFocus
      position="bottom-end"
      shadow="lg"
      width={320}
      withArrow
      withRoles={false}
    >
      <Popover.Target>
        <span className="delete-anchor" style={{ left: box.left + box.width / 2, top: box.bottom }} />
      </Popover.Target>
      <Popover.Dropdown role="alertdialog" aria-label={told("delete.title", kind)}>
        <Text fw={600} size="sm">
          {told("delete.title", kind)}
        </Text>
        <Text size="sm" className="delete-what">
          <bdi>{nameOf(row)}</bdi>
        </Text>
        <Text size="sm" c="dimmed">
          {told("delete.follows", kind)}
        </Text>
        {removal.error && (
          <Text size="sm" c="red" role="alert">
            {reason(removal.error)}
          </Text>
        )}
        <Group justify="flex-end" mt="sm" gap="xs">
          <Button size="xs" variant="default" onClick={onClose} data-autofocus>
            {t("delete.keep")}
          </Button>
          <Button size="xs" color="red" onClick={confirm} loading={removal.isPending}>
            {told("delete.verb", kind)}
          </Button>
        </Group>
      </Popover.Dropdown>
    </Popover>
  );
}

function nameOf(row: Row): string {
  const what = row.code ?? row.name ?? row.consent ?? row.giveaway ?? row.instant_win ?? row.reward ?? row.reason;
  return [row.email, what].filter(Boolean).join(" · ") || row.id;
}
