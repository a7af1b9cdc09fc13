// Many winners noted as notified at once, one call each.
import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { Problem } from "../api/problem";
import { useMe } from "../api/queries";
import { reason } from "../parts/ErrorState";
import { t } from "../words";
import { changeWinner, usePutRow } from "./useWinnerChange";

export function NotifySelected({ ids, onDone }: { ids: readonly string[]; onDone: () => void }) {
  const put = usePutRow("winners");
  const may = useMe().may("draw");
  const notifying = useMutation({
    mutationFn: async () => {
      for (const id of ids) await notified(id).then((row) => row && put(row));
    },
    onSuccess: onDone,
  });
  if (!may) return null;
  return (
    <>
      <Button size="compact-sm" variant="default" loading={notifying.isPending} onClick={() => notifying.mutate()}>
        {t("winner.mark.notified")}
      </Button>
      {notifying.error && (
        <span className="failure" role="alert">
          {reason(notifying.error)}
        </span>
      )}
    </>
  );
}

/** Whoever has answered already stays as he is. */
async function notified(id: string) {
  try {
    return await changeWinner("winners", id, { state: "notified" });
  } catch (error) {
    if (error instanceof Problem && error.code === "state_conflict") return undefined;
    throw error;
  }
}
