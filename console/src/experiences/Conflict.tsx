// Somebody else saved in between: both versions are here, member by member, and the reader decides.
import { Alert, Button, Group, Table } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { t } from "../words";
import { differences, type Json } from "./document";
import { useDraft } from "./draft";
import type { Saved } from "./useExperience";

interface Props {
  theirs: Saved;
  onTake: () => void;
  onKeep: () => void;
  busy: boolean;
}

export function Conflict({ theirs, onTake, onKeep, busy }: Props) {
  const { document: mine } = useDraft();
  const clipboard = useClipboard();
  const title = String(theirs.document.title);
  return (
    <Alert color="gray" title={t("editor.conflict", { title })} role="alert" className="conflict">
      <p>{t("editor.conflict_about")}</p>
      <Differences theirs={theirs.document} mine={mine} />
      <Group mt="sm" gap="xs">
        <Button size="xs" onClick={onKeep} loading={busy}>
          {t("editor.keep_mine")}
        </Button>
        <Button size="xs" variant="default" onClick={onTake}>
          {t("editor.take_theirs")}
        </Button>
        <Button size="xs" variant="subtle" onClick={() => clipboard.copy(JSON.stringify(mine, null, 2))}>
          {clipboard.copied ? t("copy.copied") : t("editor.copy_mine")}
        </Button>
      </Group>
    </Alert>
  );
}

function Differences({ theirs, mine }: { theirs: Json; mine: Json }) {
  const found = differences(theirs, mine);
  if (found.length === 0) return <p>{t("editor.same")}</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it
    <section className="differences" aria-label={t("editor.where")} tabIndex={0}>
      <Table fz="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("editor.where")}</Table.Th>
            <Table.Th>{t("editor.theirs")}</Table.Th>
            <Table.Th>{t("editor.mine")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {found.map((one) => (
            <Table.Tr key={one.pointer} data-differs={one.pointer}>
              <Table.Th scope="row" className="mono">
                {one.pointer}
              </Table.Th>
              <Table.Td>{shown(one.theirs)}</Table.Td>
              <Table.Td>{shown(one.mine)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  );
}

function shown(value: Json | undefined): string {
  if (value === undefined || value === null) return "–";
  return typeof value === "string" ? value : JSON.stringify(value);
}
