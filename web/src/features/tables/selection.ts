import { useRef, useState } from "react";
import type { ListedTable, TableKey } from "@/api/generated";

/** Which rows are ticked: some, or all that match but for some. */
export interface Selection {
  count: number;
  isAll: boolean;
  has: (table: TableKey) => boolean;
  /** One row; with `toHere` all rows from the one ticked before. */
  toggle: (index: number, toHere: boolean) => void;
  all: () => void;
  clear: () => void;
  /** The ticked tables, or those that are left out of all. */
  named: readonly TableKey[];
}

interface State {
  of: string;
  isAll: boolean;
  named: ReadonlyMap<string, TableKey>;
}

const idOf = ({ connection, name }: TableKey) => `${connection}/${name}`;

/** The selection of one list; `of` says which: another filter begins with nothing ticked. */
export function useSelection(
  of: string,
  total: number,
  tableAt: (index: number) => ListedTable | undefined,
): Selection {
  const none: State = { of, isAll: false, named: new Map() };
  const [kept, setState] = useState<State>(none);
  const last = useRef<number | null>(null);
  const state = kept.of === of ? kept : none;
  const has = (table: TableKey) => state.isAll !== state.named.has(idOf(table));
  const toggle = (index: number, toHere: boolean) => {
    const table = tableAt(index);
    if (!table) return;
    const from = toHere && last.current !== null ? last.current : index;
    last.current = index;
    const ticked = !has(table);
    const named = new Map(state.named);
    for (let at = Math.min(from, index); at <= Math.max(from, index); at += 1) {
      const one = tableAt(at);
      if (!one) continue;
      if (ticked === state.isAll) named.delete(idOf(one));
      else named.set(idOf(one), { connection: one.connection, name: one.name });
    }
    setState({ ...state, named });
  };
  return {
    count: state.isAll ? Math.max(0, total - state.named.size) : state.named.size,
    isAll: state.isAll,
    has,
    toggle,
    all: () => setState({ of, isAll: true, named: new Map() }),
    clear: () => {
      last.current = null;
      setState(none);
    },
    named: [...state.named.values()],
  };
}
