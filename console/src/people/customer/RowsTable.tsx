// Rows of one kind as a small table, with the columns that the lists have.
import { Button, Table } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import type { ReactNode } from "react";
import { useExperienceTitle } from "../../api/queries";
import type { KindName, Row } from "../../api/types";
import { COLUMNS, type Column } from "../../lists/columns";
import { reason } from "../../parts/ErrorState";
import { t, told } from "../../words";
import { useRows, type Whole } from "./useCustomer";

interface Props {
  whole: Whole;
  kind: Exclude<KindName, "customers">;
  columns: readonly string[];
  narrow?: readonly string[]; // the columns on a phone
  below?: (row: Row) => ReactNode; // a second line
}

export function RowsTable({ whole, kind, columns, narrow = columns, below }: Props) {
  const found = useRows(whole, kind);
  const about = { experience: useExperienceTitle() };
  const isNarrow = useMediaQuery("(max-width: 52em)", undefined, { getInitialValueInEffect: false });
  const shown = chosen(kind, isNarrow ? narrow : columns);
  return (
    <>
      <Table className="few" aria-label={told("many", kind)}>
        <Table.Thead>
          <Table.Tr>
            {shown.map((column) => (
              <Table.Th key={column.name} ta={column.right ? "right" : undefined}>
                {column.title}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {found.rows.map((row) => (
            <Line key={row.id} row={row} columns={shown} about={about} below={below?.(row)} />
          ))}
        </Table.Tbody>
      </Table>
      <More found={found} />
    </>
  );
}

interface LineProps {
  row: Row;
  columns: readonly Column[];
  about: Parameters<Column["show"]>[1];
  below: ReactNode;
}

function Line({ row, columns, about, below }: LineProps) {
  return (
    <>
      <Table.Tr data-row={row.id}>
        {columns.map((column) => (
          <Table.Td key={column.name} ta={column.right ? "right" : undefined}>
            {column.show(row, about)}
          </Table.Td>
        ))}
      </Table.Tr>
      {below && (
        <Table.Tr className="few-below">
          <Table.Td colSpan={columns.length}>{below}</Table.Td>
        </Table.Tr>
      )}
    </>
  );
}

export function More({ found }: { found: ReturnType<typeof useRows> }) {
  if (!found.more && !found.error) return null;
  return (
    <div className="more">
      {found.error && <span role="alert">{reason(found.error)}</span>}
      <Button size="compact-xs" variant="default" loading={found.loading} onClick={() => found.load()}>
        {t("list.show_more")}
      </Button>
    </div>
  );
}

function chosen(kind: KindName, names: readonly string[]): Column[] {
  const known = new Map<string, Column>(COLUMNS[kind]().map((column) => [column.name, column]));
  return names.flatMap((name) => known.get(name) ?? []);
}
