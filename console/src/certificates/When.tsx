// A moment for whoever reads this anywhere in the world: in his own time zone, which is named; in UTC on hover.
import { currentLanguage } from "../words";

export function When({ at }: { at: string }) {
  const time = new Date(at);
  if (Number.isNaN(time.getTime())) return <bdi>{at}</bdi>;
  const locale = currentLanguage() === "de" ? "de-DE" : "en-GB";
  return (
    <time dateTime={at} title={time.toISOString()}>
      {time.toLocaleString(locale, { dateStyle: "long", timeStyle: "long" })}
    </time>
  );
}
