// Names of kinds within a sentence: English writes them small there.
import { currentLanguage, told } from ".";

/** `coupons`, in German `Coupons`. */
export function manyOf(kind: string): string {
  const name = told("many", kind);
  return currentLanguage() === "de" ? name : name.toLowerCase();
}
