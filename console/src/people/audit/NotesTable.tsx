// Notes of the audit log, one a line.
import { Table } from "@mantine/core";
import { useExperienceTitle } from "../../api/queries";
import type { paths } from "../../api/schema";
import { number } from "../../format/numbers";
import { CopyText } from "../../parts/CopyText";
import { Time } from "../../parts/Time";
import { t, told } from "../../words";

type Note = paths["/v1/audit"]["get"]["responses"][200]["content"]["application/json"]["items"][number];

export function NotesTable({ items }: { items: readonly Note[] }) {
  const title = useExperienceTitle();
  return (
    <Table className="few" aria-label={t("nav.audit")}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t("col.when")}</Table.Th>
          <Table.Th>{t("audit.action")}</Table.Th>
          <Table.Th>{t("audit.by")}</Table.Th>
          <Table.Th className="wide">{t("audit.what")}</Table.Th>
          <Table.Th className="wide">{t("col.customer")}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {items.map((note) => (
          <Table.Tr key={note.id} data-row={note.id}>
            <Table.Td>
              <Time at={note.at} />
            </Table.Td>
            <Table.Td>{told("action", note.action)}</Table.Td>
            <Table.Td>
              <bdi>{note.by}</bdi> <small className="dimmed">{note.role}</small>
            </Table.Td>
            <Table.Td className="wide">
              {note.kind && told("many", note.kind)} {note.experience && <bdi>{title(note.experience)}</bdi>}{" "}
              {typeof note.count === "number" && `× ${number(note.count)}`}{" "}
              <small className="dimmed">{details(note)}</small>
            </Table.Td>
            <Table.Td className="wide">
              {note.customer && <CopyText text={note.customer} shown={`${note.customer.slice(0, 10)}…`} />}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

/** Names and numbers of ours: `purpose access`, `dry run no`. Ids say nothing to anybody. */
function details(note: Note): string {
  return Object.entries((note.details ?? {}) as Record<string, unknown>)
    .filter(([, value]) => !/^[0-9a-f]{16,}$/.test(String(value)))
    .map(([name, value]) => `${told("detail", name)} ${shown(value)}`)
    .join(" · ");
}

function shown(value: unknown): string {
  if (typeof value === "boolean") return t(value ? "common.yes" : "common.no");
  return (Array.isArray(value) ? value : [value]).map((one) => told("detail_is", String(one))).join(", ");
}
