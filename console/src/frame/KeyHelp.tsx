// The keys that work everywhere.
import { Kbd, Modal, Table } from "@mantine/core";
import { t, type Word } from "../words";

const KEYS: [string[], Word][] = [
  [["/"], "keys.search"],
  [["j", "k"], "keys.rows"],
  [["Enter"], "keys.open"],
  [["x"], "keys.select"],
  [["e"], "keys.export"],
  [["Ctrl K", "⌘K"], "keys.jump"],
  [["Esc"], "keys.close"],
  [["?"], "keys.help"],
];

export default function KeyHelp({ onClose }: { onClose: () => void }) {
  return (
    <Modal opened onClose={onClose} title={t("keys.title")} closeButtonProps={{ "aria-label": t("common.close") }}>
      <Table>
        <Table.Tbody>
          {KEYS.map(([keys, word]) => (
            <Table.Tr key={word}>
              <Table.Td w={120}>
                {keys.map((key) => (
                  <Kbd key={key} mr={6}>
                    {key}
                  </Kbd>
                ))}
              </Table.Td>
              <Table.Td>{t(word)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Modal>
  );
}
