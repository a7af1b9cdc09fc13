// What a call that failed answers (RFC 9457), and the two troubles that no server can tell of: no network, no answer.

export interface WrongValue {
  code: string;
  detail: string;
  pointer?: string;
  parameter?: string;
}

interface Body {
  code: string;
  title: string;
  status: number;
  detail: string;
  trace_id?: string;
  errors?: WrongValue[];
}

export class Problem extends Error {
  readonly code: string;
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly traceId: string | undefined;
  readonly errors: readonly WrongValue[];

  constructor(body: Body) {
    super(body.detail || body.title);
    this.name = "Problem";
    this.code = body.code;
    this.status = body.status;
    this.title = body.title;
    this.detail = body.detail;
    this.traceId = body.trace_id;
    this.errors = body.errors ?? [];
  }

  /** Whether the same call may be sent again and come to another end. */
  get passing(): boolean {
    return this.status === 0 || [409, 429, 500, 502, 503, 504].includes(this.status);
  }

  /** What is wrong with one member of the body, named by its JSON pointer. */
  at(pointer: string): string | undefined {
    return this.errors.find((error) => error.pointer === pointer)?.detail;
  }
}

export function unreachable(): Problem {
  return new Problem({ code: navigator.onLine ? "unreachable" : "offline", title: "", status: 0, detail: "" });
}

export async function problemOf(response: Response): Promise<Problem> {
  const text = await response.text();
  try {
    return new Problem({ status: response.status, ...JSON.parse(text) });
  } catch {
    const title = response.statusText || `HTTP ${response.status}`;
    return new Problem({ code: "unexpected", title, status: response.status, detail: title });
  }
}
