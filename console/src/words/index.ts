// The console's words. `t("list.more", { count: 3 })` is the sentence in the language that was chosen; a key that one
// language lacks is a type error. "{count} entry|{count} entries" has two forms, the first for exactly one.
// Words of an area live in `en/<area>.ts` and `de/<area>.ts`. Those of the frame and the lists come first, those of the
// pages with the first page that is opened (`later`).
import { type ComponentType, type LazyExoticComponent, lazy } from "react";
import type { en } from "./en";
import type { pages } from "./en/pages";

export type FirstWords = Record<keyof typeof en, string>;
export type PageWords = Record<keyof typeof pages, string>;
export type Words = FirstWords & PageWords;
export type Word = keyof Words;
export type Language = "en" | "de";
export const LANGUAGES: Record<Language, string> = { en: "English", de: "Deutsch" };
type Values = Record<string, string | number>;

const STORED = "afterchat.language";

let language: Language = "en";
let words: Partial<Words> = {};
let arePagesSpoken = false;

export function currentLanguage(): Language {
  return language;
}

/** What was chosen here before, else what the browser prefers. */
export function preferredLanguage(): Language {
  const chosen = localStorage.getItem(STORED);
  if (chosen === "en" || chosen === "de") return chosen;
  return navigator.language.toLowerCase().startsWith("de") ? "de" : "en";
}

export async function speak(wanted: Language): Promise<void> {
  words = wanted === "de" ? (await import("./de")).de : (await import("./en")).en;
  language = wanted;
  document.documentElement.lang = wanted;
  if (arePagesSpoken) await speakOfPages();
}

/** Also what the pages say. */
export async function speakOfPages(): Promise<void> {
  const pages = language === "de" ? (await import("./de/pages")).pages : (await import("./en/pages")).pages;
  words = { ...words, ...pages };
  arePagesSpoken = true;
}

/** A component that is loaded when it is first shown, with what it says. */
export function later<P>(load: () => Promise<{ default: ComponentType<P> }>): LazyExoticComponent<ComponentType<P>> {
  return lazy(async () => {
    const [loaded] = await Promise.all([load(), speakOfPages()]);
    return loaded;
  });
}

export async function chooseLanguage(wanted: Language): Promise<void> {
  localStorage.setItem(STORED, wanted);
  await speak(wanted);
}

export function t(word: Word, values: Values = {}): string {
  const text = words[word] ?? word;
  return filled(form(text, values.count), values);
}

/** The word of this name if there is one: for what the service names, like columns and states. */
export function told(prefix: string, name: string): string {
  const word = `${prefix}.${name}` as Word;
  return words[word] ?? name;
}

export function form(text: string, count: string | number | undefined): string {
  const [one, other] = text.split("|");
  return other === undefined || count === 1 ? (one ?? "") : other;
}

export function filled(text: string, values: Values): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => shown(values[name]) ?? whole);
}

function shown(value: string | number | undefined): string | undefined {
  return typeof value === "number" ? value.toLocaleString(language) : value;
}
