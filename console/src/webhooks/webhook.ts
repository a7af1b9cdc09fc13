// Webhooks as the service has them, and what can be asked of it.
import { type InfiniteData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { answer, api } from "../api/client";
import type { paths } from "../api/schema";

export type Webhook = paths["/v1/webhooks"]["get"]["responses"]["200"]["content"]["application/json"]["items"][number];
export type Target = paths["/v1/webhooks"]["post"]["requestBody"]["content"]["application/json"];
export type Delivery =
  paths["/v1/webhooks/{id}/deliveries"]["get"]["responses"]["200"]["content"]["application/json"]["items"][number];
export type DeliveryState = Delivery["state"];
type Page = paths["/v1/webhooks/{id}/deliveries"]["get"]["responses"]["200"]["content"]["application/json"];
export type WithSecret = Webhook & { secret: string };

export const TYPES = [
  "customer.registered",
  "customer.erased",
  "consent.changed",
  "participation.entered",
  "winner.drawn",
  "winner.changed",
  "instant_win.won",
  "coupon.issued",
  "coupon.low",
  "code.redeemed",
  "reward.redeemed",
  "points.booked",
  "export.ready",
  "import.done",
] as const satisfies readonly Target["types"][number][];

export const WEBHOOKS = ["webhooks"];

export function useWebhooks() {
  return useQuery({
    queryKey: WEBHOOKS,
    queryFn: async ({ signal }) => (await answer(api.GET("/v1/webhooks", { signal }))).items,
    staleTime: 0,
  });
}

export function useDeliveries(id: string, state: DeliveryState | "") {
  return useInfiniteQuery({
    queryKey: ["deliveries", id, state],
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: 50, ...(state && { state }), ...(pageParam && { cursor: pageParam }) };
      return answer(api.GET("/v1/webhooks/{id}/deliveries", { params: { path: { id }, query }, signal }));
    },
    initialPageParam: "",
    getNextPageParam: (last) => last.next ?? undefined,
    select: (data: InfiniteData<Page>) => data.pages.flatMap((page) => page.items),
    staleTime: 0,
    refetchInterval: ({ state: { data } }) => (data?.pages.some(isUnderWay) ? 3000 : false),
  });
}

function isUnderWay({ items }: Page): boolean {
  return items.some((one) => one.state === "waiting");
}

const of = (id: string) => ({ params: { path: { id } } });

export async function make(target: Target): Promise<WithSecret> {
  return answer(api.POST("/v1/webhooks", { body: target }));
}

export async function change(id: string, target: Target, enabled: boolean): Promise<Webhook> {
  return answer(api.PUT("/v1/webhooks/{id}", { ...of(id), body: { ...target, enabled } }));
}

export async function remove(id: string): Promise<void> {
  await answer(api.DELETE("/v1/webhooks/{id}", of(id)));
}

export async function rotate(id: string): Promise<WithSecret> {
  return answer(api.POST("/v1/webhooks/{id}/secret", of(id)));
}

export async function test(id: string): Promise<Delivery> {
  return answer(api.POST("/v1/webhooks/{id}/test", of(id)));
}

/** Those deliveries; without any named, all that failed in seven days, a hundred a call. */
export async function resend(id: string, deliveries?: string[]): Promise<number> {
  if (deliveries) return (await resent(id, { deliveries, since: null, cursor: null })).resent;
  const since = new Date(Date.now() - 7 * 86_400_000).toISOString();
  let count = 0;
  let cursor: string | null = null;
  do {
    const part = await resent(id, { deliveries: null, since, cursor });
    count += part.resent;
    cursor = part.next;
  } while (cursor);
  return count;
}

type Again = paths["/v1/webhooks/{id}/resend"]["post"]["requestBody"]["content"]["application/json"];

function resent(id: string, body: Again): Promise<{ resent: number; next: string | null }> {
  return answer(api.POST("/v1/webhooks/{id}/resend", { ...of(id), body }));
}

/** Addresses may hold secrets of their own: by their host they are known. */
export function hostOf({ url }: { url: string }): string {
  try {
    return new URL(url).host;
  } catch {
    return url;
  }
}

export function targetOf({ url, types, include, description }: Webhook): Target {
  return { url, types, include, description } as Target;
}
