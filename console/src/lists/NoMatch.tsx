// Nothing to show: because nothing is there, or because nothing matches; the second names what was asked and clears it.
import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { t, told } from "../words";
import type { ListState } from "./useListState";

export function NoMatch({ state, empty }: { state: ListState; empty: ReactNode }) {
  const chosen = Object.entries(state.chosen);
  if (chosen.length === 0) return <div className="empty">{empty}</div>;
  const names = chosen.map(([name, value]) => `${told("filter", name)}: ${value}`).join(", ");
  return (
    <div className="empty">
      <p>{t("list.no_match")}</p>
      <p className="dimmed">
        <bdi>{names}</bdi>
      </p>
      <Button variant="default" size="xs" onClick={state.clear}>
        {t("list.clear")}
      </Button>
    </div>
  );
}
