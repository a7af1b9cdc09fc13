// What is being edited, shared by all fields of the form: each reads and writes the member at its pointer, and shows what
// the service says of it.
import { createContext, type ReactNode, useContext } from "react";
import type { WrongValue } from "../api/problem";
import { day } from "../format/times";
import { told } from "../words";
import { type Document, type Json, read } from "./document";
import type { Saved } from "./useExperience";

export interface Draft {
  document: Document;
  saved: Saved;
  wrong: readonly WrongValue[]; // what the service refused, as long as it is as it was then
  mayChange: boolean;
  change: (document: Json) => void;
}

const Editing = createContext<Draft | undefined>(undefined);

export function DraftProvider({ draft, children }: { draft: Draft; children: ReactNode }) {
  return <Editing.Provider value={draft}>{children}</Editing.Provider>;
}

export function useDraft(): Draft {
  const draft = useContext(Editing);
  if (!draft) throw new Error("fields belong within a draft");
  return draft;
}

/** What the service warns of at this member, as long as the draft has the same part there. */
export function useWarning(pointer: string): string | undefined {
  const { saved, document } = useDraft();
  const warning = saved.warnings.find((one) => one.pointer === pointer);
  const part = /^\/\w+\/\d+/.exec(pointer)?.[0];
  if (!warning || (part && read(document, `${part}/id`) !== read(saved.document, `${part}/id`))) return undefined;
  const until = /\d{4}-\d{2}-\d{2}/.exec(warning.detail)?.[0];
  return told("warning", warning.code).replace("{day}", until ? day(`${until}T12:00:00Z`) : "");
}

export function Warned({ at }: { at: string }) {
  const warning = useWarning(at);
  return warning ? <p className="field-warning">{warning}</p> : null;
}
