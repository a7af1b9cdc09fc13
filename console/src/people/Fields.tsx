// The personal fields of a record on one line, each under its name.
import type { Row } from "../api/types";
import { plain } from "../lists/columns";
import { Masked } from "../lists/values";
import { told } from "../words";

export function Fields({ row }: { row: Row }) {
  const fields = Object.entries((row.fields ?? {}) as Record<string, unknown>);
  if (fields.length === 0) return null;
  return (
    <ul className="fields">
      {fields.map(([name, value]) => (
        <li key={name}>
          <span className="dimmed">{told("field", name)}</span>{" "}
          {row.masked ? <Masked>{String(value)}</Masked> : plain(value)}
        </li>
      ))}
    </ul>
  );
}
