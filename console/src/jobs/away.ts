// Which jobs the tray of this tab shows: those that were seen under way here, until they are put away. Kept over a reload.
import { useSessionStorage } from "@mantine/hooks";
import { useCallback } from "react";

const REMEMBERED = 200;

/** Jobs that ran while this tab looked. */
export function useWatched() {
  return useRemembered("afterchat.jobs.watched");
}

/** Jobs that were put away, or whose outcome was seen elsewhere. */
export function useAway() {
  const [away, putAway] = useRemembered("afterchat.jobs.away");
  return { away, putAway };
}

function useRemembered(key: string) {
  const [ids, setIds] = useSessionStorage<readonly string[]>({ key, defaultValue: NONE });
  const add = useCallback(
    (id: string) => setIds((before) => (before.includes(id) ? before : [id, ...before].slice(0, REMEMBERED))),
    [setIds],
  );
  return [ids, add] as const;
}

const NONE: readonly string[] = [];
