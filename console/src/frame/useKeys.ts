// Single keys for the whole page: not while somebody types, nor while a dialog is open.
import { useLayoutEffect, useRef } from "react";

type Keys = Record<string, (event: KeyboardEvent) => void>;

/** `{ "/": focusSearch, "mod+k": jump }`; `mod` is Ctrl, on a Mac ⌘. */
export function useKeys(keys: Keys): void {
  const latest = useRef(keys);
  latest.current = keys;
  // With the first picture, not after it: whoever sees what a key does may press it.
  useLayoutEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const found = latest.current[name(event)];
      if (!found || event.defaultPrevented) return;
      if (!(event.metaKey || event.ctrlKey) && isBusy(event.target)) return;
      event.preventDefault();
      found(event);
    };
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
  }, []);
}

function name(event: KeyboardEvent): string {
  if (event.altKey) return "";
  return event.metaKey || event.ctrlKey ? `mod+${event.key.toLowerCase()}` : event.key;
}

function isBusy(target: EventTarget | null): boolean {
  const element = target instanceof Element ? target : null;
  const typing = element?.closest("input:not([type=checkbox]), textarea, select, [contenteditable=true]");
  return Boolean(typing) || document.querySelector("[role=dialog][aria-modal=true]") !== null;
}
