// The winners of a draw, as they were recorded, on their stage.
import { Button, Group } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import type { Row } from "../api/types";
import { number } from "../format/numbers";
import { readRecords } from "../lists/useRecords";
import { ErrorState } from "../parts/ErrorState";
import { Loading } from "../parts/Loading";
import { t } from "../words";
import { Theatre } from "./Theatre";

const AT_ONCE = 100;
const LOOKS = 10; // until the list shows what was just recorded

interface Props {
  draw: string;
  count: number;
  entrants: number;
  onClose: () => void;
}

export function Winners({ draw, count, entrants, onClose }: Props) {
  const expected = Math.min(count, AT_ONCE);
  const winners = useQuery<Row[]>({
    queryKey: ["stage", draw],
    queryFn: async ({ signal }) => (await readRecords("winners", { draw, limit: String(AT_ONCE) }, signal)).items,
    refetchInterval: ({ state }) =>
      (state.data?.length ?? 0) < expected && state.dataUpdateCount < LOOKS ? 500 : false,
  });
  if (winners.error) return <ErrorState error={winners.error} retry={winners.refetch} />;
  if (!winners.data || (winners.data.length < expected && winners.isFetching)) return <Loading />;
  const cards = bySlot(winners.data).map((row) => ({
    key: row.id,
    slot: Number(row.slot),
    ticket: String(row.ticket),
    prize: (row.prize as string | null) ?? null,
    person: row,
  }));
  return (
    <>
      <Theatre cards={cards} told={t("draw.drawn", { count, entrants: number(entrants) })} />
      <Group justify="flex-end" mt="lg">
        <Button component={Link} to={`/certificate/${draw}`} variant="default" target="_blank">
          {t("cert.open")}
        </Button>
        <Button component={Link} to={`/draws/${draw}`} variant="default" onClick={onClose}>
          {t("draw.open_draw")}
        </Button>
        <Button onClick={onClose}>{t("draw.to_list")}</Button>
      </Group>
    </>
  );
}

function bySlot(rows: readonly Row[]): Row[] {
  return [...rows].sort((one, other) => Number(one.slot) - Number(other.slot));
}
