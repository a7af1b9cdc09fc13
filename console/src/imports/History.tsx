// The imports of an experience, newest first, with what came of each; one can be taken back.
import { Drawer, Table } from "@mantine/core";
import { useExperienceTitle } from "../api/queries";
import { importResult } from "../jobs/titles";
import { Tag, type Tone } from "../lists/values";
import { ErrorState } from "../parts/ErrorState";
import { Loading } from "../parts/Loading";
import { LoadMore } from "../parts/LoadMore";
import { Time } from "../parts/Time";
import { t, told } from "../words";
import { manyOf } from "../words/nouns";
import { type Import, useImports } from "./past";
import { TakeBack } from "./TakeBack";
import type { ImportKind } from "./useImporting";

interface Props {
  kind: ImportKind;
  experience: string;
  onClose: () => void;
}

const TONES: Record<string, Tone> = {
  ready: "good",
  checked: "told",
  failed: "bad",
  running: "wait",
  taking_back: "wait",
};

export default function History({ kind, experience, onClose }: Props) {
  const words = { what: manyOf(kind), experience: useExperienceTitle()(experience) };
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size="xl"
      title={t("imports.history_of", words)}
      closeButtonProps={{ "aria-label": t("common.close") }}
    >
      <Past kind={kind} experience={experience} />
    </Drawer>
  );
}

function Past({ kind, experience }: { kind: ImportKind; experience: string }) {
  const found = useImports(kind, experience);
  if (found.isPending) return <Loading />;
  if (found.isError && !found.data) return <ErrorState error={found.error} retry={found.refetch} />;
  if (found.data.length === 0) return <p className="dimmed">{t("imports.none")}</p>;
  return (
    <>
      <Table className="few" verticalSpacing="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("imports.file")}</Table.Th>
            <Table.Th>{t("report.result")}</Table.Th>
            <Table.Th>
              <span className="sr-only">{t("jobs.deeds")}</span>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {found.data.map((one) => (
            <Line key={one.id} one={one} />
          ))}
        </Table.Tbody>
      </Table>
      <LoadMore found={found} />
    </>
  );
}

function Line({ one }: { one: Import }) {
  return (
    <Table.Tr data-import={one.id}>
      <Table.Td>
        <bdi className="job-title">{one.file_name}</bdi>
        <div className="dimmed">
          <Time at={one.created_at} /> · <bdi>{one.by}</bdi>
        </div>
      </Table.Td>
      <Table.Td>
        <Tag tone={TONES[one.state] ?? "calm"}>{told("import_state", one.state)}</Tag>
        <div className="dimmed">{came(one)}</div>
      </Table.Td>
      <Table.Td>
        <TakeBack one={one} />
      </Table.Td>
    </Table.Tr>
  );
}

function came(one: Import): string {
  if (one.state === "taken_back") return t("result.taken_back", { removed: one.removed ?? 0, given: one.given ?? 0 });
  return one.result ? importResult(one.result as unknown as Record<string, number>, one.dry_run) : "";
}
