import { frame } from "./en/frame";
import { lists } from "./en/lists";

export const en = { ...frame, ...lists };
