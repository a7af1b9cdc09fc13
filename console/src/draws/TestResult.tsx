// Whom a test draw would have drawn: tickets alone, and nothing of it is kept.
import { Alert, Button, Group } from "@mantine/core";
import { number } from "../format/numbers";
import { t } from "../words";
import type { Result } from "./Drawing";
import { Theatre } from "./Theatre";

export function TestResult({ result, onClose }: { result: Result; onClose: () => void }) {
  const drawn = Array.isArray(result.drawn) ? result.drawn : [];
  const cards = drawn.map(({ slot, prize, ticket }) => ({ key: ticket, slot, ticket, prize, person: null }));
  const alternates = result.alternates ?? [];
  return (
    <>
      <Alert color="gray" role="note">
        {t("draw.test_only")}
      </Alert>
      <p className="dimmed">
        {t("draw.among", { entrants: number(result.entrants), skipped: number(result.skipped) })}
      </p>
      <Theatre cards={cards} told={t("draw.test_drawn", { count: cards.length })} />
      {alternates.length > 0 && (
        <p className="draw-alternates">
          {t("draw.alternates")}: <span className="mono">{alternates.join(", ")}</span>
        </p>
      )}
      <Group justify="flex-end" mt="md">
        <Button onClick={onClose}>{t("common.close")}</Button>
      </Group>
    </>
  );
}
