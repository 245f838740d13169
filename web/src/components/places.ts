import {
  ChartNoAxesGantt,
  Database,
  Gauge,
  type LucideIcon,
  Settings2,
  Table2,
} from "lucide-react";

/** A page of the rail. `key` after "g" goes there. */
export interface Place {
  to: "/" | "/tables" | "/runs" | "/sources" | "/settings";
  label: string;
  icon: LucideIcon;
  key: string;
}

/** One list for rail, bottom bar, palette and keys. */
export const PLACES: readonly Place[] = [
  { to: "/", label: "Overview", icon: Gauge, key: "o" },
  { to: "/tables", label: "Tables", icon: Table2, key: "t" },
  { to: "/runs", label: "Runs", icon: ChartNoAxesGantt, key: "r" },
  { to: "/sources", label: "Sources", icon: Database, key: "s" },
  { to: "/settings", label: "Settings", icon: Settings2, key: "c" },
];
