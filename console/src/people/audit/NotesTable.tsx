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

/** Names and numbers of ours: `receipt_months`, `draft: false`. Long ids say nothing to anybody. */
function details(note: Note): string {
  const told = Object.entries((note.details ?? {}) as Record<string, unknown>);
  return told
    .map(([name, value]) => `${name}: ${Array.isArray(value) ? value.join(", ") : String(value)}`)
    .filter((text) => text.length < 80)
    .join(" · ");
}
