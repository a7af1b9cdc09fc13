// The typed client of the Data API. `await answer(api.GET("/v1/me"))` is the body of a success; everything else is
// thrown as a `Problem`. A 401 in the middle of work asks for a new sign-in and then sends the same call again, so
// whoever called waits and loses nothing.
import createClient from "openapi-fetch";
import { currentLanguage } from "../words";
import { problemOf, unreachable } from "./problem";
import type { paths } from "./schema";
import { bearer, renewed } from "./token";

/** Where the service is reached, with its stage: what stands before `/v1` in every address. */
export const base = new URL(".", location.href.split(/[?#]/)[0]).href.replace(/\/$/, "");

export const api = createClient<paths>({ baseUrl: base, fetch: send });

/** The body of a success. Raises Problem. */
export async function answer<T>(call: Promise<{ data?: T; response: Response }>): Promise<T> {
  const { data } = await call;
  return data as T;
}

/** The headers of a success beside its body, where an ETag matters. Raises Problem. */
export async function answerWithHeaders<T>(
  call: Promise<{ data?: T; response: Response }>,
): Promise<{ data: T; headers: Headers }> {
  const { data, response } = await call;
  return { data: data as T, headers: response.headers };
}

async function send(request: Request): Promise<Response> {
  const again = request.clone();
  const first = await fetched(request);
  const response = first.status === 401 && bearer() && (await renewed()) ? await fetched(again) : first;
  if (!response.ok) throw await problemOf(response);
  return response;
}

async function fetched(request: Request): Promise<Response> {
  const token = bearer();
  if (token) request.headers.set("Authorization", `Bearer ${token}`);
  request.headers.set("Accept-Language", currentLanguage());
  try {
    return await fetch(request);
  } catch (error) {
    if (request.signal.aborted) throw error;
    throw unreachable();
  }
}
