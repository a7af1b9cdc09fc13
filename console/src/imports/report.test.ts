import { expect, test } from "vitest";
import { lines, MOST_LINES } from "./report";

test("lines of a report are read with their quotes and line breaks", () => {
  const text = '\ufeffline,code,result,reason\r\n2,SUN-1,added,\r\n3,"a ""b"",\nc",invalid,control_character\r\n';
  expect(lines(text)).toEqual([
    { line: "2", code: "SUN-1", result: "added", reason: "" },
    { line: "3", code: 'a "b",\nc', result: "invalid", reason: "control_character" },
  ]);
});

test("of a long report each result has its first lines", () => {
  const many = Array.from({ length: 2000 }, (_, n) => `${n + 2},C${n},added,`).join("\r\n");
  const found = lines(`line,code,result,reason\r\n${many}\r\n9999,,invalid,empty\r\n`);
  expect(found.length).toBe(MOST_LINES + 1);
  expect(found.at(-1)?.result).toBe("invalid");
});
