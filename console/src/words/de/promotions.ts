import type { promotions as english } from "../en/promotions";

export const promotions: Record<keyof typeof english, string> = {};
