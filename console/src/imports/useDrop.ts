// A file dropped anywhere on the page.
import { useEffect, useRef, useState } from "react";

/** Whether a file hovers over the page; `onFile` gets the one that is dropped. */
export function useDrop(onFile: ((file: File) => void) | undefined): boolean {
  const [hovering, setHovering] = useState(false);
  const latest = useRef(onFile);
  latest.current = onFile;
  useEffect(() => {
    let within = 0;
    const listen = (name: "dragenter" | "dragover" | "dragleave" | "drop", act: (event: DragEvent) => void) => {
      const heard = (event: DragEvent) => {
        if (!latest.current || !event.dataTransfer?.types.includes("Files")) return;
        event.preventDefault();
        act(event);
      };
      window.addEventListener(name, heard);
      return () => window.removeEventListener(name, heard);
    };
    const stops = [
      listen("dragenter", () => setHovering(++within > 0)),
      listen("dragover", () => undefined),
      listen("dragleave", () => setHovering(--within > 0)),
      listen("drop", (event) => {
        within = 0;
        setHovering(false);
        const [file] = event.dataTransfer?.files ?? [];
        if (file) latest.current?.(file);
      }),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, []);
  return hovering;
}
