// The same certificates as the Python verifier's, with its verdicts: tests/promotions/test_certificate_vectors.py.
import { expect, test } from "vitest";
import { pages } from "../words/en/pages";
import { first, fromHex, keyOf, placeOf } from "./chance";
import { NotACertificate, parsed } from "./form";
import { find } from "./tickets";
import { lists, vectors } from "./vectors.json";
import { randomnessOf, type Step, type Verdict, verify } from "./verify";

interface Vector {
  name: string;
  certificate: string;
  labels: number;
  says: string;
}

const listOf = ({ labels }: Vector) => fromHex(lists[labels] ?? "");

function vectorOf(name: string): Vector {
  return vectors.find((one) => one.name === name) as Vector;
}

function refusals(steps: readonly Step[]): string[] {
  return steps.flatMap(({ refused }) => (refused ? [pages[`refused.${refused}`]] : []));
}

async function verdictOf(vector: Vector): Promise<Verdict | "no certificate"> {
  try {
    return await verify(parsed(vector.certificate), listOf(vector));
  } catch (error) {
    if (error instanceof NotACertificate) return "no certificate";
    throw error;
  }
}

test.each((vectors as Vector[]).filter(({ says }) => !says))("valid for both: $name", async (vector) => {
  const verdict = await verdictOf(vector);
  expect(verdict).toMatchObject({ outcome: "valid" });
});

test.each((vectors as Vector[]).filter(({ says }) => says))(
  "invalid for both, for one reason: $name",
  async (vector) => {
    const verdict = await verdictOf(vector);
    const isOfAnotherForm = vector.says.includes("afterchat-draw/1");
    if (verdict === "no certificate") return expect(isOfAnotherForm).toBe(true);
    expect(verdict.outcome).not.toBe("valid");
    if (!isOfAnotherForm) expect(refusals(verdict.steps)).toContain(`${vector.says.replace(/\.$/, "")}.`);
  },
);

test.each(["", "[]", "null", "{}", "7", '{"format":"afterchat-draw/2"}'])("%s is no certificate", (text) => {
  expect(() => parsed(text)).toThrow(NotACertificate);
});

test("a number that could be written in two ways is refused", () => {
  const text = vectorOf("as drawn").certificate.replace('"count": 40', '"count": 40.5');
  expect(() => parsed(text)).toThrow(NotACertificate);
});

test("a draw that waits for its value shows what is fixed, and is not called valid", async () => {
  const done = JSON.parse(vectorOf("public randomness").certificate);
  const waiting = { ...done, code: null, drawn: [], randomness: { ...done.randomness, value: null } };
  const verdict = await verify(parsed(JSON.stringify(waiting)), listOf(vectorOf("as drawn")));
  const findings = Object.fromEntries(verdict.steps.map(({ name, finding }) => [name, finding]));
  expect(findings).toMatchObject({ promise: "open", list: "holds", chance: "open", order: "open" });
  expect(verdict.outcome).toBe("invalid"); // its digest is that of the other one
});

test("without the list the certificate is checked as far as it goes", async () => {
  const verdict = await verify(parsed(vectorOf("as drawn").certificate), null);
  expect(verdict.outcome).toBe("incomplete");
  expect(verdict.steps.filter(({ finding }) => finding === "open").map(({ name }) => name)).toEqual(["list", "order"]);
});

test("the first of many are the first of all", async () => {
  const key = await keyOf(new Uint8Array(32), "x");
  const labels = Array.from({ length: 3000 }, (_, at) => `L${at}`);
  const all = await first(key, labels, 3000);
  expect(await first(key, labels, 3)).toEqual(all.slice(0, 3));
  expect(await placeOf(key, labels, all[1500]?.label ?? "")).toBe(1501);
});

test("a ticket is found however it is typed, with what became of it", async () => {
  const vector = vectorOf("somebody was replaced");
  const certificate = parsed(vector.certificate);
  const { entrants } = await verify(certificate, listOf(vector));
  const [winner, replaced] = certificate.drawn;
  const typed = ` ${winner?.label.toLowerCase().replaceAll("-", " ")} `;
  expect(find(typed, certificate, entrants)).toMatchObject({ fate: "won", label: winner?.label, slot: 1 });
  expect(find(replaced?.label ?? "", certificate, entrants)).toMatchObject({ fate: "replaced", slot: 2 });
  expect(find(certificate.drawn[4]?.label ?? "", certificate, entrants)).toMatchObject({ fate: "alternate" });
  expect(find("nobody", certificate, entrants)).toBeNull();
  const others = entrants.filter((one) => !certificate.drawn.some(({ label }) => label === one));
  expect(find(others[0] ?? "", certificate, entrants)).toMatchObject({ fate: "not_drawn" });
  expect(randomnessOf(certificate)).toBe("summer/bike");
});
