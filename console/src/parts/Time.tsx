// A moment: relative within a day, else absolute; the whole of it on hover.
import { clock, isSoon, left, moment, precise, told, whole } from "../format/times";

export function Time({
  at,
  as = "told",
}: {
  at: string | null | undefined;
  as?: "told" | "moment" | "precise" | "clock";
}) {
  if (!at) return null;
  const text = { told, moment, precise, clock }[as](at);
  return (
    <time dateTime={at} title={whole(at)}>
      {text}
    </time>
  );
}

/** When a row will be gone; amber in its last three days. */
export function Gone({ at }: { at: string }) {
  return (
    <time dateTime={at} title={whole(at)} className={isSoon(at) ? "soon" : "dimmed"}>
      {left(at)}
    </time>
  );
}
