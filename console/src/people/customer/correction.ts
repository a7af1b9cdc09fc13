// What a correction sends: the values that were changed, in the type that they had.
export interface Changes {
  email?: string;
  fields: Record<string, string | null>;
}

type Value = string | number | boolean | null;

export interface Correction {
  email?: string;
  fields?: Record<string, Value>;
}

/** Undefined if nothing was changed. */
export function correction(known: Record<string, unknown>, changes: Changes): Correction | undefined {
  const fields: Record<string, Value> = {};
  for (const [name, value] of Object.entries(changes.fields)) {
    const typed = typedLike(known[name], value);
    if (typed !== known[name]) fields[name] = typed;
  }
  const email = changes.email?.trim();
  const told: Correction = { ...(email && { email }), ...(Object.keys(fields).length > 0 && { fields }) };
  return Object.keys(told).length > 0 ? told : undefined;
}

function typedLike(known: unknown, value: string | null): Value {
  if (value === null) return null;
  if (typeof known === "number" && value.trim() !== "" && Number.isFinite(Number(value))) return Number(value);
  if (typeof known === "boolean" && (value === "true" || value === "false")) return value === "true";
  return value;
}
