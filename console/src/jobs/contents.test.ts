import { beforeAll, expect, test } from "vitest";
import { setZone } from "../format/times";
import { speak } from "../words";
import { contents, exported, isByHand } from "./contents";

const title = (id: string) => ({ summer: "Summer raffle" })[id] ?? id;

beforeAll(async () => {
  Object.assign(globalThis, { document: { documentElement: {} } });
  await speak("en");
  setZone("Europe/Berlin");
});

test("what a file will hold is said in words, its days as the tenant's calendar has them", () => {
  const june = { from: "2026-05-31T22:00:00.000Z", to: "2026-06-30T22:00:00.000Z" };
  const said = contents("participations", { experience: "summer", giveaway: "bike", ...june }, title);
  expect(said.replace(/[\u2009\s]+/g, " ")).toBe("Participations · Summer raffle · Giveaway bike · 1 – 30 June 2026");
});

test("customers on screen are those of 60 days, and so they are in their file", () => {
  expect(exported("customers", {})).toEqual({ active_days: "60" });
  expect(exported("customers", { active_days: "180" })).toEqual({ active_days: "180" });
  expect(exported("codes", {})).toEqual({});
});

test("what names a person is no matter of a job", () => {
  expect([isByHand({ email: "anna" }), isByHand({ text: "shop" }), isByHand({ state: "free" })]).toEqual([
    true,
    true,
    false,
  ]);
});
