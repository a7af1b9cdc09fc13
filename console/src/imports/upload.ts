// A file straight into the bucket, by the form that the service made. A network that breaks is waited for: the form is
// good for an hour, and the last upload that arrives whole counts.
import { Problem, unreachable } from "../api/problem";
import { t } from "../words";

export interface Form {
  url: string;
  fields: Record<string, string>;
  most_bytes: number;
}

interface Options {
  onProgress: (sent: number) => void; // 0 to 1
  signal: AbortSignal;
}

const WAITS = [1000, 2000, 4000, 8000, 16_000, 30_000]; // milliseconds

/** Raises Problem, and AbortError when it was stopped. */
export async function upload(form: Form, file: File, { onProgress, signal }: Options): Promise<void> {
  for (const wait of [...WAITS, undefined]) {
    const status = await sent(form, file, onProgress, signal);
    if (status >= 200 && status < 300) return;
    if (status >= 400 && status < 500) throw refused(status);
    if (wait === undefined) break;
    onProgress(0);
    await waited(wait, signal);
  }
  throw unreachable();
}

/** The status; 0 when the network broke. The file is the last field: S3 ignores what comes after it. */
function sent(form: Form, file: File, onProgress: (sent: number) => void, signal: AbortSignal): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const stop = () => request.abort();
    const end = (status: number) => {
      signal.removeEventListener("abort", stop);
      if (signal.aborted) reject(signal.reason);
      else resolve(status);
    };
    const body = new FormData();
    for (const [name, value] of Object.entries(form.fields)) body.append(name, value);
    body.append("file", file);
    request.upload.addEventListener("progress", (event) => onProgress(event.total ? event.loaded / event.total : 0));
    request.addEventListener("load", () => end(request.status));
    for (const event of ["error", "abort", "timeout"]) request.addEventListener(event, () => end(0));
    signal.addEventListener("abort", stop);
    request.open("POST", form.url);
    request.send(body);
  });
}

/** Until it is worth another try: some seconds, or when there is a network again. */
function waited(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = () => {
      clearTimeout(timer);
      window.removeEventListener("online", done);
      signal.removeEventListener("abort", stopped);
      if (signal.aborted) reject(signal.reason);
      else resolve();
    };
    const stopped = () => done();
    const timer = navigator.onLine ? setTimeout(done, milliseconds) : undefined;
    window.addEventListener("online", done);
    signal.addEventListener("abort", stopped);
  });
}

/** The bucket says no: the form is too old, or the file not what was announced. */
function refused(status: number): Problem {
  return new Problem({ code: "upload_refused", title: t("upload.refused"), status, detail: t("upload.refused_lead") });
}
