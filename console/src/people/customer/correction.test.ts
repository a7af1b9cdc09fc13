import { expect, test } from "vitest";
import { correction } from "./correction";

test("only what was changed is sent", () => {
  const known = { city: "Dresden", firstname: "Anna" };
  expect(correction(known, { fields: { city: "Leipzig", firstname: "Anna" } })).toEqual({
    fields: { city: "Leipzig" },
  });
  expect(correction(known, { fields: {} })).toBeUndefined();
  expect(correction(known, { email: " ", fields: {} })).toBeUndefined();
});

test("a removed field is null, a number stays a number, and digits of a text stay text", () => {
  const known = { age: 40, postal_code: "01067", member: true, city: "Dresden" };
  const fields = { age: "41", postal_code: "01069", member: "false", city: null };
  expect(correction(known, { fields })?.fields).toEqual({ age: 41, postal_code: "01069", member: false, city: null });
});
