// Where the record lies that an entry of the log tells of: its id is among the entry's attributes.
const LISTS: Record<string, string> = {
  coupon_claims: "/codes/coupons",
  code_redemptions: "/codes/codes",
  reward_redemptions: "/loyalty/redemptions",
  instant_wins: "/instant-win/drawn",
  points: "/loyalty/transactions",
};

export function recordOf(event: string, attributes: unknown): string | undefined {
  const id = (attributes as Record<string, unknown> | null)?.record;
  if (typeof id !== "string" || id.includes("•")) return undefined;
  if (event === "sign_ins" || event === "activity") return `/customers/${id}`;
  const list = LISTS[event];
  return list && `${list}?record=${encodeURIComponent(id)}`;
}
