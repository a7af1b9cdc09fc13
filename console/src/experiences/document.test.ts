import { describe, expect, test } from "vitest";
import { added, asId, differences, read, without, written } from "./document";

const DOCUMENT = { title: "Summer", giveaways: [{ id: "bike", prizes: [{ name: "E-Bike" }] }, { id: "mug" }] };

describe("a member", () => {
  test("is read and written by its pointer, and nothing else changes", () => {
    expect(read(DOCUMENT, "/giveaways/0/prizes/0/name")).toBe("E-Bike");
    expect(read(DOCUMENT, "/giveaways/7/title")).toBeUndefined();
    const after = written(DOCUMENT, "/giveaways/0/prizes/0/name", "Cup") as typeof DOCUMENT;
    expect(read(after, "/giveaways/0/prizes/0/name")).toBe("Cup");
    expect(after.giveaways[1]).toBe(DOCUMENT.giveaways[1]);
    expect(written({}, "/coupons/low_at", 5)).toEqual({ coupons: { low_at: 5 } });
  });

  test("of a list is added and removed", () => {
    expect(read(added(DOCUMENT, "/giveaways/1/prizes", { name: "Cup" }), "/giveaways/1/prizes")).toEqual([
      { name: "Cup" },
    ]);
    expect(read(without(DOCUMENT, "/giveaways/0"), "/giveaways")).toEqual([{ id: "mug" }]);
  });
});

test("two versions differ member by member", () => {
  const mine = { title: "Winter", giveaways: [{ id: "bike", prizes: [{ name: "E-Bike" }] }] };
  expect(differences(DOCUMENT, mine)).toEqual([
    { pointer: "/title", theirs: "Summer", mine: "Winter" },
    { pointer: "/giveaways/1", theirs: { id: "mug" }, mine: undefined },
  ]);
  expect(differences(DOCUMENT, structuredClone(DOCUMENT))).toEqual([]);
});

test("an id is made of a title", () => {
  expect([asId("E-Bike & Zubehör"), asId("  Grüße! "), asId("Été 2030"), asId("🎉")]).toEqual([
    "e-bike-zubehoer",
    "gruesse",
    "ete-2030",
    "",
  ]);
});
