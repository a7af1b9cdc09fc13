import { draws } from "./draws";
import { jobs } from "./jobs";
import { people } from "./people";
import { promotions } from "./promotions";

export const pages = { ...draws, ...jobs, ...people, ...promotions };
