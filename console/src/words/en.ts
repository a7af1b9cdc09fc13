import { draws } from "./en/draws";
import { frame } from "./en/frame";
import { jobs } from "./en/jobs";
import { lists } from "./en/lists";
import { people } from "./en/people";
import { promotions } from "./en/promotions";

export const en = { ...frame, ...draws, ...jobs, ...lists, ...people, ...promotions };
