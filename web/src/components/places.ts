import {
  ChartNoAxesGantt,
  Database,
  Gauge,
  GitCompareArrows,
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

/** Pages that are found by name only. */
export const PARTS = [
  { to: "/compare", label: "Compare schemas", icon: GitCompareArrows },
  { to: "/settings/configuration", label: "Settings: Configuration", icon: Settings2 },
  { to: "/settings/access", label: "Settings: Access", icon: Settings2 },
  { to: "/settings/system", label: "Settings: System", icon: Settings2 },
  { to: "/settings/audit", label: "Settings: Audit", icon: Settings2 },
] as const;

/** One list for rail, bottom bar, palette and keys. */
export const PLACES: readonly Place[] = [
  { to: "/", label: "Overview", icon: Gauge, key: "o" },
  { to: "/tables", label: "Tables", icon: Table2, key: "t" },
  { to: "/runs", label: "Runs", icon: ChartNoAxesGantt, key: "r" },
  { to: "/sources", label: "Sources", icon: Database, key: "s" },
  { to: "/settings", label: "Settings", icon: Settings2, key: "c" },
];
