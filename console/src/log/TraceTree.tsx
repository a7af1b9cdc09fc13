// The time line of a trace: a tree whose rows are moved through by arrow keys, and a table to whoever hears it.
import { type KeyboardEvent, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { Level, Tag } from "../lists/values";
import { Down, Right } from "../parts/icons";
import { t } from "../words";
import { duration } from "./durations";
import { type Line, lines, type Waterfall } from "./waterfall";

interface Props {
  fall: Waterfall;
  log: string; // the address of this trace's entries
}

export function TraceTree({ fall, log }: Props) {
  const tree = useTree(fall, log);
  return (
    <div className="tree-scroll">
      <table
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a tree of rows is both (ARIA treegrid)
        role="treegrid"
        aria-labelledby="tree"
        aria-describedby="tree-hint"
        className="tree"
        onKeyDown={tree.press}
      >
        <thead>
          <tr>
            <th scope="col">{t("trace.what")}</th>
            <th scope="col" className="tree-bars">
              <span className="sr-only">{t("trace.tree")}</span>
              <span aria-hidden className="tree-scale">
                <span>0</span>
                <span>{duration(fall.length / 2)}</span>
                <span>{duration(fall.length)}</span>
              </span>
            </th>
            <th scope="col">{t("trace.start")}</th>
            <th scope="col">{t("trace.duration")}</th>
            <th scope="col">{t("trace.outcome")}</th>
          </tr>
        </thead>
        <tbody ref={tree.body}>
          {tree.shown.map((line, index) => (
            <Row key={line.node.id} line={line} index={index} tree={tree} length={fall.length} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

type Tree = ReturnType<typeof useTree>;

function useTree(fall: Waterfall, log: string) {
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [at, setAt] = useState(0);
  const body = useRef<HTMLTableSectionElement>(null);
  const navigate = useNavigate();
  const shown = lines(fall.roots, closed);
  const focus = (index: number) => {
    const to = Math.max(0, Math.min(index, shown.length - 1));
    setAt(to);
    (body.current?.children[to] as HTMLElement | undefined)?.focus();
  };
  const turn = (id: string, open: boolean) =>
    setClosed((before) => new Set(open ? [...before].filter((one) => one !== id) : [...before, id]));
  const open = (line: Line) => line.node.entry && navigate(`${log}&record=${encodeURIComponent(line.node.entry)}`);
  const press = (event: KeyboardEvent) => {
    const line = shown[at];
    if (!line || event.altKey || event.ctrlKey || event.metaKey) return;
    const keys: Record<string, () => unknown> = {
      ArrowDown: () => focus(at + 1),
      ArrowUp: () => focus(at - 1),
      Home: () => focus(0),
      End: () => focus(shown.length - 1),
      ArrowRight: () =>
        closed.has(line.node.id) ? turn(line.node.id, true) : line.node.children.length && focus(at + 1),
      ArrowLeft: () => (hasOpen(line, closed) ? turn(line.node.id, false) : focus(parentOf(shown, at))),
      Enter: () => open(line),
    };
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };
  return { shown, at, setAt, closed, turn, press, body, open };
}

function hasOpen(line: Line, closed: ReadonlySet<string>): boolean {
  return line.node.children.length > 0 && !closed.has(line.node.id);
}

function parentOf(shown: readonly Line[], at: number): number {
  const depth = shown[at]?.depth ?? 1;
  for (let place = at - 1; place >= 0; place--) if ((shown[place]?.depth ?? 0) < depth) return place;
  return at;
}

function Row({ line, index, tree, length }: { line: Line; index: number; tree: Tree; length: number }) {
  const { node, depth, place, of } = line;
  const parent = node.children.length > 0;
  const isOpen = !tree.closed.has(node.id);
  return (
    <tr
      aria-level={depth}
      aria-posinset={place}
      aria-setsize={of}
      aria-expanded={parent ? isOpen : undefined}
      tabIndex={index === tree.at ? 0 : -1}
      data-node={node.kind}
      onFocus={() => tree.setAt(index)}
      onDoubleClick={() => tree.open(line)}
    >
      <td style={{ paddingLeft: `${(depth - 1) * 18}px` }}>
        <span className="tree-what">
          {parent ? (
            <span aria-hidden className="tree-turn" onClick={() => tree.turn(node.id, !isOpen)}>
              {isOpen ? <Down size={14} /> : <Right size={14} />}
            </span>
          ) : (
            <span className="tree-turn" />
          )}
          <bdi title={node.name}>{node.name || t("trace.caller")}</bdi>
        </span>
      </td>
      <td className="tree-bars">
        <Bar line={line} length={length} />
      </td>
      <td>{duration(node.start)}</td>
      <td>{node.duration === null ? "" : duration(node.duration)}</td>
      <td>
        <Outcome line={line} />
      </td>
    </tr>
  );
}

function Bar({ line: { node }, length }: { line: Line; length: number }) {
  const left = `${Math.min(99.4, (node.start / length) * 100)}%`;
  const width = node.duration === null ? undefined : `max(3px, ${(node.duration / length) * 100}%)`;
  return (
    <span className="tree-track" aria-hidden>
      <span
        className={width ? "tree-bar" : "tree-mark"}
        data-kind={node.kind}
        data-bad={isBad(node) || undefined}
        style={{ left, width }}
      />
    </span>
  );
}

function isBad(node: Line["node"]): boolean {
  return node.error !== null || node.level === "error" || (node.status ?? 0) >= 400;
}

function Outcome({ line: { node } }: { line: Line }) {
  if (node.kind === "entry") return <Level name={node.level ?? "info"} />;
  if (node.status !== null) return <Tag tone={node.status < 400 ? "good" : "bad"}>{node.status}</Tag>;
  return node.error ? <Tag tone="bad">{node.error}</Tag> : null;
}
