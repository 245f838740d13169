import type { TableFacet, TableList } from "@/api/generated";
import type { FacetName } from "./list-queries";

/** Facets with many values: each is a button that unfolds them. */

export interface FacetMenu {
  facet: FacetName;
  label: string;
  counts: (list: TableList) => readonly TableFacet[];
  words: Readonly<Record<string, string>>;
}

export const FACET_MENUS: readonly FacetMenu[] = [
  {
    facet: "lag",
    label: "Lag",
    counts: (list) => list.lags,
    words: {
      under_1m: "Under 1 min",
      under_15m: "1 to 15 min",
      under_1h: "15 min to 1 h",
      under_6h: "1 to 6 h",
      over_6h: "Over 6 h",
      unknown: "Unknown",
    },
  },
  {
    facet: "changed",
    label: "Last commit",
    counts: (list) => list.changes,
    words: {
      today: "Today (UTC)",
      this_week: "In the last 7 days",
      this_month: "In the last 30 days",
      earlier: "Earlier",
      never: "Never",
    },
  },
  {
    facet: "size",
    label: "Size",
    counts: (list) => list.sizes,
    words: {
      under_1mb: "Under 1 MB",
      under_100mb: "1 to 100 MB",
      under_10gb: "100 MB to 10 GB",
      over_10gb: "Over 10 GB",
      unknown: "Unknown",
    },
  },
  {
    facet: "rows",
    label: "Rows",
    counts: (list) => list.row_counts,
    words: {
      none: "None",
      under_10k: "Under 10,000",
      under_1m: "10,000 to 1 million",
      under_100m: "1 to 100 million",
      over_100m: "Over 100 million",
      unknown: "Unknown",
    },
  },
  { facet: "app", label: "App", counts: (list) => list.apps, words: {} },
  { facet: "connection", label: "Connection", counts: (list) => list.connections, words: {} },
];
