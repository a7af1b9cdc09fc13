// Receipts, one a line; its number opens it.
import { Table, UnstyledButton } from "@mantine/core";
import { number } from "../../format/numbers";
import { Tag } from "../../lists/values";
import { Time } from "../../parts/Time";
import { t, told } from "../../words";
import type { Receipt } from "./ReceiptFacts";

interface Props {
  name: string;
  items: readonly Receipt[];
  open?: string | undefined;
  onOpen: (id: string) => void;
}

export function ReceiptsTable({ name, items, open, onOpen }: Props) {
  return (
    <Table className="few" aria-label={name} highlightOnHover highlightOnHoverColor="var(--hover)">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t("receipt.number")}</Table.Th>
          <Table.Th>{t("receipt.reason")}</Table.Th>
          <Table.Th>{t("receipt.what")}</Table.Th>
          <Table.Th ta="right">{t("receipt.records")}</Table.Th>
          <Table.Th className="wide">{t("receipt.role")}</Table.Th>
          <Table.Th>{t("receipt.completed_at")}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {items.map((one) => (
          <Table.Tr key={one.id} data-row={one.id} data-current={one.id === open || undefined}>
            <Table.Td>
              <UnstyledButton className="open" data-open onClick={() => onOpen(one.id)}>
                <span className="sr-only">{t("receipt.one")} </span>
                {one.number}
              </UnstyledButton>
            </Table.Td>
            <Table.Td>
              <Tag tone="calm">{told("receipt_reason", one.reason)}</Tag>
            </Table.Td>
            <Table.Td>{of(one)}</Table.Td>
            <Table.Td ta="right">{number(Object.values(one.counts).reduce((sum, count) => sum + count, 0))}</Table.Td>
            <Table.Td className="wide">{one.role}</Table.Td>
            <Table.Td>
              <Time at={one.completed_at} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function of(one: Receipt): string {
  if (one.kind) return told("many", one.kind);
  return t(one.reason === "expiry" ? "receipt.persons" : "receipt.a_person");
}
