// Another language is another console: everything is made anew with its words.
import { createContext, useContext } from "react";

export const Restart = createContext<() => void>(() => undefined);

export function useRestart(): () => void {
  return useContext(Restart);
}
