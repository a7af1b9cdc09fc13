import { expect, test } from "vitest";
import { filled, form } from ".";
import * as german from "./de";
import { pages as germanPages } from "./de/pages";
import * as english from "./en";
import { pages as englishPages } from "./en/pages";

const de = { ...german.de, ...germanPages };
const en = { ...english.en, ...englishPages };

test("a sentence has the form that its number wants", () => {
  expect(form("{count} row|{count} rows", 1)).toBe("{count} row");
  expect([form("{count} row|{count} rows", 0), form("one form", 7)]).toEqual(["{count} rows", "one form"]);
});

test("values stand where they are named, and a missing one stays visible", () => {
  expect(filled("{count} of {total}", { count: 3 })).toBe("3 of {total}");
});

test("both languages fill in the same values", () => {
  const names = (text: string) => [...new Set(text.match(/\{\w+\}/g))].sort();
  const different = (Object.keys(en) as (keyof typeof en)[]).filter(
    (key) => `${names(en[key])}` !== `${names(de[key])}`,
  );
  expect(different).toEqual([]);
});

test("no word of one language is empty", () => {
  expect([...Object.values(en), ...Object.values(de)].filter((text) => text.trim() === "")).toEqual([]);
});
