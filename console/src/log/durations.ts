// How long something took, as short as it can be read.
import { currentLanguage } from "../words";

/** `35 ms`, `1.2 s`, `3 min` */
export function duration(ms: number): string {
  const [value, unit] =
    ms < 1000 ? [ms, "millisecond"] : ms < 120_000 ? [ms / 1000, "second"] : [ms / 60_000, "minute"];
  const options = { style: "unit", unit, maximumFractionDigits: unit === "second" ? 1 : 0 } as const;
  return (value as number).toLocaleString(currentLanguage(), options as Intl.NumberFormatOptions);
}
