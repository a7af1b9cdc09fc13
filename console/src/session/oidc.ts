// Signing in at the issuer: OpenID Connect's code flow with PKCE (RFC 7636). A full page goes there and comes back; in
// the middle of work a pop-up does, and hands what it got to the page that opened it.
import { base } from "../api/client";
import { claims, signedIn } from "../api/token";
import type { Config } from "../api/types";

const PENDING = "afterchat.signing-in.";
const CHANNEL = "afterchat.signed-in";
const RETURN = `${base}/`;

interface Pending {
  verifier: string;
  tokenEndpoint: string;
  client: string;
  hash: string; // where the page was
}

interface Discovery {
  authorization_endpoint: string;
  token_endpoint: string;
}

/** Leaves this page for the issuer's. */
export async function goToIssuer(config: Config): Promise<void> {
  location.assign(await authorizeUrl(config));
}

/** Opens the issuer's page in a window that was opened by the click itself, and ends when it came back. */
export async function signInBesides(config: Config, opened: Window): Promise<void> {
  opened.location.href = await authorizeUrl(config);
  const channel = new BroadcastChannel(CHANNEL);
  const returned = await new Promise<URLSearchParams>((resolve) => {
    channel.onmessage = (event) => resolve(new URLSearchParams(String(event.data)));
  });
  channel.close();
  await exchange(returned);
}

/** What the issuer sent along when it sent us back; undefined on every other visit. */
export function returned(): URLSearchParams | undefined {
  const query = new URLSearchParams(location.search);
  return query.has("state") && (query.has("code") || query.has("error")) ? query : undefined;
}

/** Ends a sign-in that was begun in this tab, or hands it to the tab that waits for it; true if this one may go on. */
export async function finish(query: URLSearchParams): Promise<boolean> {
  const pending = take(query);
  if (!pending) {
    new BroadcastChannel(CHANNEL).postMessage(query.toString());
    window.close();
    return false;
  }
  history.replaceState(null, "", RETURN + pending.hash);
  await trade(query, pending);
  return true;
}

async function authorizeUrl(config: Config): Promise<string> {
  const { authorization_endpoint, token_endpoint } = await discover(config.issuer);
  const [state, verifier] = [random(), random()];
  const client = config.client;
  const pending: Pending = { verifier, tokenEndpoint: token_endpoint, client, hash: location.hash };
  sessionStorage.setItem(PENDING + state, JSON.stringify(pending));
  const url = new URL(authorization_endpoint);
  const asked = { response_type: "code", client_id: client, redirect_uri: RETURN, scope: "openid email profile" };
  const proof = { state, code_challenge: await challenge(verifier), code_challenge_method: "S256" };
  for (const [name, value] of Object.entries({ ...asked, ...proof })) url.searchParams.set(name, value);
  return url.href;
}

async function discover(issuer: string): Promise<Discovery> {
  const answer = await fetch(`${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`);
  if (!answer.ok) throw new Error(`the issuer answered ${answer.status}`);
  return answer.json();
}

async function exchange(query: URLSearchParams): Promise<void> {
  const pending = take(query);
  if (!pending) throw new Error("state");
  await trade(query, pending);
}

function take(query: URLSearchParams): Pending | undefined {
  const key = PENDING + query.get("state");
  const text = sessionStorage.getItem(key);
  sessionStorage.removeItem(key);
  return text ? JSON.parse(text) : undefined;
}

async function trade(query: URLSearchParams, pending: Pending): Promise<void> {
  const code = query.get("code");
  if (!code) throw new Error(query.get("error_description") ?? query.get("error") ?? "code");
  const response = await fetch(pending.tokenEndpoint, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "authorization_code",
      client_id: pending.client,
      redirect_uri: RETURN,
      code_verifier: pending.verifier,
      code,
    }),
  });
  if (!response.ok) throw new Error(`the issuer answered ${response.status}`);
  const { access_token, id_token } = await response.json();
  signedIn(await accepted([access_token, id_token].filter(isJwt)));
}

/** The first token that the service takes: an access token names the tenant with some issuers, with others the id token. */
async function accepted(tokens: string[]): Promise<string> {
  for (const token of tokens) {
    const answer = await fetch(`${base}/v1/me`, { headers: { Authorization: `Bearer ${token}` } });
    if (answer.status !== 401) return token;
  }
  throw new Error("no token of the issuer names a tenant");
}

function isJwt(token: unknown): token is string {
  return typeof token === "string" && Object.keys(claims(token)).length > 0;
}

function random(): string {
  return base64url(crypto.getRandomValues(new Uint8Array(32)));
}

async function challenge(verifier: string): Promise<string> {
  return base64url(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier))));
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");
}

/** A token of a local run's own issuer. */
export async function signInLocally(tenant: string, role: string): Promise<void> {
  const response = await fetch(`${base}/local/sign-in`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ tenant, roles: [role] }),
  });
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  signedIn((await response.json()).token);
}
