// Jobs that were put away: the tray shows them no more, in this tab.
import { useSessionStorage } from "@mantine/hooks";
import { useCallback } from "react";

const REMEMBERED = 200;

export function useAway() {
  const [away, setAway] = useSessionStorage<string[]>({ key: "afterchat.jobs.away", defaultValue: [] });
  const putAway = useCallback(
    (id: string) => setAway((before) => [id, ...before.filter((one) => one !== id)].slice(0, REMEMBERED)),
    [setAway],
  );
  return { away, putAway };
}
