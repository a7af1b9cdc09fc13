// The token that every call carries: in memory, and in this tab's storage so that a reload keeps it. What ran into a
// 401 waits here until somebody signed in again.
import { useSyncExternalStore } from "react";

const STORED = "afterchat.session";

export interface Session {
  token: string;
  expiresAt: number; // milliseconds
}

type State = "out" | "in" | "ended"; // ended: signed in until now, and work is waiting

let session: Session | undefined = stored();
let ended = false;
let waiting: ((again: boolean) => void)[] = [];
const listeners = new Set<() => void>();

export function bearer(): string | undefined {
  return session?.token;
}

export function signedIn(token: string): void {
  const isAnother = ended && session !== undefined && who(session.token) !== who(token);
  session = { token, expiresAt: expiry(token) };
  sessionStorage.setItem(STORED, JSON.stringify(session));
  if (isAnother)
    location.reload(); // what somebody else began is not done in this one's name
  else settle(true);
}

export function signedOut(): void {
  session = undefined;
  sessionStorage.removeItem(STORED);
  settle(false);
}

/** After a 401: true when somebody signed in again, false when that was declined. */
export function renewed(): Promise<boolean> {
  ended = true;
  tell();
  return new Promise((resolve) => waiting.push(resolve));
}

/** Gives up waiting; the calls that wait fail with their 401. */
export function declined(): void {
  settle(false);
}

export function useSessionState(): State {
  return useSyncExternalStore(subscribe, () => (ended ? "ended" : session ? "in" : "out"));
}

function settle(again: boolean): void {
  ended = false;
  const resolved = waiting;
  waiting = [];
  for (const resolve of resolved) resolve(again);
  tell();
}

function tell(): void {
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function stored(): Session | undefined {
  const text = typeof sessionStorage === "undefined" ? null : sessionStorage.getItem(STORED);
  const found = text ? (JSON.parse(text) as Session) : undefined;
  return found && found.expiresAt > Date.now() ? found : undefined;
}

/** Whose token it is, in which tenant, whatever the issuer calls that claim. */
function who(token: string): string {
  const named = Object.entries(claims(token)).filter(([name]) => name === "sub" || /tenant/i.test(name));
  return JSON.stringify(named.sort());
}

function expiry(token: string): number {
  return Number(claims(token).exp ?? 0) * 1000;
}

/** The payload of a JWT, unverified: only the service's word counts. */
export function claims(token: string): Record<string, unknown> {
  const part = (token.split(".")[1] ?? "").replace(/-/g, "+").replace(/_/g, "/");
  try {
    const bytes = Uint8Array.from(atob(part), (letter) => letter.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return {};
  }
}
