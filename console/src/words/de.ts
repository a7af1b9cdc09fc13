import type { Words } from ".";
import { draws } from "./de/draws";
import { frame } from "./de/frame";
import { jobs } from "./de/jobs";
import { lists } from "./de/lists";
import { people } from "./de/people";
import { promotions } from "./de/promotions";

export const de: Words = { ...frame, ...draws, ...jobs, ...lists, ...people, ...promotions };
