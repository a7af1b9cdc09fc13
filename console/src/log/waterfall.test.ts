import { describe, expect, test } from "vitest";
import type { Trace } from "../api/types";
import { lines, waterfall } from "./waterfall";

const at = (ms: number) => new Date(Date.parse("2030-05-21T08:00:00Z") + ms).toISOString();
const span = (id: string, parent: string | null, ms: number, more = {}) => ({
  id,
  parent,
  started_at: at(ms),
  ...more,
});
const TRACE = {
  spans: [
    span("request", "callers", 0, { name: "POST /v1/collect", kind: "server", duration_ms: 80 }),
    span("claim", "request", 20, { name: "collect coupon-claims" }),
    span("hook", "claim", 900, { name: "POST shop.example", kind: "client", duration_ms: 200 }),
  ],
  calls: [{ span: "hook", name: "POST shop.example", started_at: at(900), status: 503, error: "503", entry: "e2" }],
  entries: [
    { id: "e1", created_at: at(30), message: "coupon-claims: issued", level: "info", attributes: { span_id: "claim" } },
    { id: "e2", created_at: at(1100), message: "webhook: failed", level: "error", attributes: { span_id: "hook" } },
    { id: "e3", created_at: at(10), message: "by the chat", level: "info", attributes: {} },
  ],
} as unknown as Trace;

const shown = (closed: string[] = []) =>
  lines(waterfall(TRACE).roots, new Set(closed)).map(({ node, depth }) => `${"-".repeat(depth)} ${node.id}`);

describe("a trace", () => {
  test("is a tree: spans below what led to them, entries below what wrote them", () => {
    expect(shown()).toEqual(["- request", "-- claim", "--- e1", "--- hook", "---- e2", "- e3"]);
    expect(shown(["claim"])).toEqual(["- request", "-- claim", "- e3"]);
  });

  test("has a length to its last end, and its calls know what was answered", () => {
    const { began, length, roots } = waterfall(TRACE);
    expect([began, length]).toEqual([at(0), 1100]);
    const call = roots[0]?.children[0]?.children[1];
    expect([call?.kind, call?.status, call?.start, call?.duration]).toEqual(["call", 503, 900, 200]);
  });

  test("of a request that went well has a place for it above its events", () => {
    const spans = [span("a", "request", 5, { name: "collect points" }), span("b", "request", 9)];
    const { roots } = waterfall({ spans, calls: [], entries: [] } as unknown as Trace);
    expect(roots.map(({ id, name, start }) => [id, name, start])).toEqual([["request", "", 0]]);
    expect(roots[0]?.children.map(({ id }) => id)).toEqual(["a", "b"]);
  });

  test("of spans that name each other as parents is shown once, and ends", () => {
    const odd = { spans: [span("a", "b", 0), span("b", "a", 1)], calls: [], entries: [] } as unknown as Trace;
    expect(lines(waterfall(odd).roots, new Set()).map(({ node }) => node.id)).toEqual(["b", "a"]);
  });
});
