import type { FirstWords } from ".";
import { frame } from "./de/frame";
import { lists } from "./de/lists";

export const de: FirstWords = { ...frame, ...lists };
