import { expect, test } from "vitest";
import { body, drafted, isChanged, type Settings } from "./draft";

const SAVED: Settings = {
  time_zone: "Europe/Berlin",
  locale: "de",
  consent_proof_months: 12,
  receipt_months: 36,
  collect_rate: null,
  privacy: { de: { controller: "Fahrrad GmbH", purposes: { files: "Fotos" } } },
};

test("what was read is sent again as it was, and counts as unchanged", () => {
  expect(body(drafted(SAVED))).toEqual(SAVED);
  expect(isChanged(drafted(SAVED), SAVED)).toBe(false);
});

test("texts that were emptied are left out, with a language that says nothing any more", () => {
  const draft = drafted(SAVED);
  draft.privacy.de.controller = "  ";
  draft.privacy.de.purposes = { files: "" };
  draft.privacy.en.contact = " privacy@example.com ";
  expect(body(draft).privacy).toEqual({ en: { contact: "privacy@example.com" } });
  expect(isChanged(draft, SAVED)).toBe(true);
});

test("a number that was cleared is its default", () => {
  expect(body({ ...drafted(SAVED), receipt_months: "", consent_proof_months: "" })).toMatchObject({
    receipt_months: 36,
    consent_proof_months: 0,
  });
});
