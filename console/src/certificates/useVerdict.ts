// The verdict of this page on two files, with its progress.
import { useEffect, useState } from "react";
import { AnotherFormat, type Certificate, parsed } from "./form";
import type { Files } from "./useCopy";
import { type Verdict, verify } from "./verify";

export interface Checked {
  certificate?: Certificate;
  verdict?: Verdict;
  done: number; // tickets whose position is known
  trouble?: "no_certificate" | "other_format" | "no_crypto";
}

export function useVerdict(files: Files | undefined): Checked {
  const [checked, setChecked] = useState<Checked>({ done: 0 });
  useEffect(() => {
    if (!files) return;
    let isWanted = true;
    const tell = (told: Checked) => isWanted && setChecked(told);
    void check(files, tell);
    return () => {
      isWanted = false;
    };
  }, [files]);
  return checked;
}

async function check(files: Files, tell: (checked: Checked) => void): Promise<void> {
  const certificate = understood(files.certificate);
  if (typeof certificate === "string") return tell({ done: 0, trouble: certificate });
  if (!globalThis.crypto?.subtle) return tell({ certificate, done: 0, trouble: "no_crypto" });
  tell({ certificate, done: 0 });
  const verdict = await verify(certificate, files.labels, (done) => tell({ certificate, done }));
  tell({ certificate, verdict, done: verdict.entrants.length });
}

function understood(text: string): Certificate | "no_certificate" | "other_format" {
  try {
    return parsed(text);
  } catch (error) {
    return error instanceof AnotherFormat ? "other_format" : "no_certificate";
  }
}
