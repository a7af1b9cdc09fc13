// Numbers and sizes as the chosen language writes them.
import { currentLanguage } from "../words";

export function number(value: number): string {
  return value.toLocaleString(currentLanguage());
}

/** `+50`, `−5`: a change. */
export function signed(value: number): string {
  const text = number(Math.abs(value));
  return value < 0 ? `−${text}` : value > 0 ? `+${text}` : text;
}

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;

/** `1.4 MB` */
export function size(bytes: number): string {
  const step = bytes < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3));
  const options = { style: "unit", unit: UNITS[step] ?? "byte", maximumFractionDigits: step ? 1 : 0 } as const;
  const unitDisplay = step ? "short" : "long"; // `844 bytes`; the short form has no plural
  return (bytes / 1000 ** step).toLocaleString(currentLanguage(), { ...options, unitDisplay });
}
