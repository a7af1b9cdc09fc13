import type { Words } from ".";
import { draws } from "./de/draws";
import { frame } from "./de/frame";
import { lists } from "./de/lists";
import { people } from "./de/people";
import { promotions } from "./de/promotions";

export const de: Words = { ...frame, ...lists, ...people, ...promotions, ...draws };
