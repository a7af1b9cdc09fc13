// Owner: C2. Exports exactly the list on screen: its kind and its filters.
import type { KindName } from "../api/types";
import type { Filters } from "../lists/filters";

export interface ExportProps {
  kind: KindName;
  filters: Filters; // as `GET /v1/records/{kind}` takes them
}

export function ExportButton(_: ExportProps) {
  return null;
}
