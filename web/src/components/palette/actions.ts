import { useMutation, useQuery } from "@tanstack/react-query";
import {
  Clock,
  Keyboard,
  type LucideIcon,
  Monitor,
  Moon,
  Play,
  RefreshCw,
  RotateCw,
  Sun,
} from "lucide-react";
import { useRetryRun } from "@/api/actions";
import { toProblem } from "@/api/problem";
import { dashboardQuery, refreshIndex } from "@/api/queries";
import { useAnnounce } from "@/lib/announce";
import { plural } from "@/lib/format";
import { useStartRun } from "@/lib/start-run";
import { useTheme } from "@/lib/theme";
import { useZone } from "@/lib/time";

/** Something to do from anywhere. */
export interface Action {
  label: string;
  /** Other words it is found by. */
  words?: string;
  icon: LucideIcon;
  note?: string;
  act: () => void;
}

export function useActions({
  onKeys,
  onZone,
}: {
  onKeys: () => void;
  onZone: () => void;
}): Action[] {
  const { open } = useStartRun();
  const [theme, setTheme] = useTheme();
  const { times, setZone } = useZone();
  const refresh = useRefresh();
  const themed = (name: "system" | "light" | "dark", icon: LucideIcon): Action => ({
    label: `Theme: ${name}`,
    words: "colour dark light mode",
    icon,
    ...(theme === name ? { note: "now" } : {}),
    act: () => setTheme(name),
  });
  const zoned = (zone: string, label: string): Action => ({
    label: `Time zone: ${label}`,
    words: "utc local clock",
    icon: Clock,
    ...(times.zone === zone ? { note: "now" } : {}),
    act: () => setZone(zone),
  });
  return [
    { label: "Run now", words: "start sync load", icon: Play, act: () => open() },
    ...useRetry(),
    { label: "Refresh index", words: "look again reload tables", icon: RefreshCw, act: refresh },
    themed("system", Monitor),
    themed("light", Sun),
    themed("dark", Moon),
    zoned("UTC", "UTC"),
    zoned("local", "local"),
    {
      label: "Time zone: another one",
      words: "utc local clock",
      icon: Clock,
      note: times.label,
      act: onZone,
    },
    { label: "Keyboard shortcuts", words: "help keys", icon: Keyboard, act: onKeys },
  ];
}

/** Offered only where the last run has something to retry. */
function useRetry(): Action[] {
  const retry = useRetryRun();
  const { data } = useQuery(dashboardQuery());
  const last = data?.last_run;
  if (!last || last.tables_failed === 0) return [];
  return [
    {
      label: "Retry failed of last run",
      words: "again errors",
      icon: RotateCw,
      note: plural(last.tables_failed, "table"),
      act: () => retry.mutate(last.run_id),
    },
  ];
}

function useRefresh(): () => void {
  const { say } = useAnnounce();
  const refresh = useMutation({
    mutationFn: () => refreshIndex(),
    onSuccess: () => say("Looking at manifest and target again."),
    onError: (error) => say(toProblem(error).message, { tone: "fail" }),
  });
  return () => refresh.mutate();
}
