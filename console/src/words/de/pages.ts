import type { PageWords } from "..";
import { draws } from "./draws";
import { jobs } from "./jobs";
import { people } from "./people";
import { promotions } from "./promotions";

export const pages: PageWords = { ...draws, ...jobs, ...people, ...promotions };
