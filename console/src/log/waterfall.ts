// A trace as a tree on a time line: spans below the span that led to them, entries below the span that wrote them. Pure,
// so that it can be tested.
import type { Trace } from "../api/types";

export interface Node {
  id: string;
  name: string;
  kind: "span" | "call" | "entry";
  level: string | null; // of an entry
  start: number; // milliseconds since the trace began
  duration: number | null;
  status: number | null;
  error: string | null;
  entry: string | null; // id of the log entry that tells of it
  children: Node[];
}

export interface Waterfall {
  roots: Node[];
  began: string;
  length: number; // milliseconds
}

type Entry = Trace["entries"][number];
type Span = Trace["spans"][number];
type Call = Trace["calls"][number];

export function waterfall(trace: Trace): Waterfall {
  const times = [...trace.spans.map((span) => span.started_at), ...trace.entries.map((entry) => entry.created_at)];
  const origin = Math.min(...times.map((time) => Date.parse(time)));
  const calls = new Map(trace.calls.map((call) => [call.span, call]));
  const nodes = new Map(trace.spans.map((span) => [span.id, ofSpan(span, calls.get(span.id), origin)]));
  const roots: Node[] = [];
  for (const span of trace.spans) addUnknown(nodes, roots, span, eventOf(trace, calls.get(span.id)), origin);
  for (const span of trace.spans) place(nodes, roots, nodes.get(span.id), span.parent);
  for (const entry of trace.entries) place(nodes, roots, ofEntry(entry, origin), spanOf(entry));
  for (const list of [roots, ...[...nodes.values()].map((node) => node.children)])
    list.sort((a, b) => a.start - b.start);
  const ends = [...nodes.values(), ...roots].map((node) => node.start + (node.duration ?? 0));
  return { roots, began: new Date(origin).toISOString(), length: Math.max(1, ...ends, ...entryStarts(trace, origin)) };
}

function ofSpan(span: Span, call: Call | undefined, origin: number): Node {
  return {
    id: span.id,
    name: span.name ?? "",
    kind: call || span.kind === "client" ? "call" : "span",
    level: null,
    start: Date.parse(span.started_at) - origin,
    duration: span.duration_ms ?? null,
    status: call?.status ?? null,
    error: span.error ?? null,
    entry: call?.entry ?? null,
    children: [],
  };
}

function ofEntry(entry: Entry, origin: number): Node {
  return {
    id: entry.id,
    name: String(entry.message ?? entry.event ?? ""),
    kind: "entry",
    level: String(entry.level ?? "info"),
    start: Date.parse(entry.created_at) - origin,
    duration: null,
    status: null,
    error: null,
    entry: entry.id,
    children: [],
  };
}

/** The span of a request that went well has no entry, nor has that of an event whose record is its log: they are known
 * as parents, of events and of the calls that tell of one. */
function addUnknown(nodes: Map<string, Node>, roots: Node[], span: Span, name: string, origin: number) {
  if (!span.parent || nodes.has(span.parent) || span.kind === "server") return;
  const above: Node = { ...ofSpan(span, undefined, origin), id: span.parent, name, kind: "span" };
  nodes.set(span.parent, Object.assign(above, { duration: null, error: null }));
  roots.push(above);
}

function eventOf(trace: Trace, call: Call | undefined): string {
  const entry = trace.entries.find((one) => one.id === call?.entry);
  return String((entry?.attributes as Record<string, unknown> | undefined)?.type ?? "");
}

function place(nodes: Map<string, Node>, roots: Node[], node: Node | undefined, parent: string | null | undefined) {
  if (!node) return;
  const above = parent ? nodes.get(parent) : undefined;
  if (above && !isBelow(node, above)) above.children.push(node);
  else roots.push(node);
}

/** Ids are the callers' choice: whoever is among one's own descendants is no parent. */
function isBelow(node: Node, other: Node): boolean {
  return node === other || node.children.some((child) => isBelow(child, other));
}

function spanOf(entry: Entry): string | undefined {
  const id = (entry.attributes as Record<string, unknown> | null)?.span_id;
  return typeof id === "string" ? id : undefined;
}

function entryStarts(trace: Trace, origin: number): number[] {
  return trace.entries.map((entry) => Date.parse(entry.created_at) - origin);
}

export interface Line {
  node: Node;
  depth: number;
  place: number; // among its siblings, from 1
  of: number;
}

/** The nodes that are to be seen, in order: those below a closed one are not. */
export function lines(roots: readonly Node[], closed: ReadonlySet<string>, depth = 1): Line[] {
  return roots.flatMap((node, place) => [
    { node, depth, place: place + 1, of: roots.length },
    ...(closed.has(node.id) ? [] : lines(node.children, closed, depth + 1)),
  ]);
}
