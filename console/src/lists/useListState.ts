// The state of a list as the address has it: what was filtered, which record is open.
import { useMemo } from "react";
import { useSearchParams } from "react-router";
import { useMe } from "../api/queries";
import { asked, type Filters, read, written } from "./filters";

export interface ListState {
  chosen: Filters; // what the reader chose within the page, as the address has it
  query: Filters; // the whole question as the API takes it
  record: string | undefined;
  change: (changes: Filters, replace?: boolean) => void;
  clear: () => void;
  open: (id: string) => void;
  close: () => void;
}

const NOTHING: Filters = {};

/** `within` are filters of the page around the list; `prefix` keeps two lists of one page apart in the address. */
export function useListState(within: Filters = NOTHING, prefix = ""): ListState {
  const [search, setSearch] = useSearchParams();
  const me = useMe();
  const state = useMemo(() => {
    const { record, ...found } = read(search, prefix);
    const chosen = Object.fromEntries(Object.entries(found).filter(([name]) => !(name in within)));
    const query = asked(chosen, within, me.time_zone, !me.may("reveal"));
    return { record, chosen, query };
  }, [search, prefix, within, me.time_zone, me.may]);
  const change = (changes: Filters, replace = false) =>
    setSearch((before) => written(before, prefix, changes), { replace, preventScrollReset: true });
  const clear = () => change(Object.fromEntries(Object.keys(state.chosen).map((name) => [name, ""])));
  return { ...state, change, clear, open: (id) => change({ record: id }), close: () => change({ record: "" }) };
}
