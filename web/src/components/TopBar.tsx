import { Link } from "@tanstack/react-router";
import { ChevronDown, Menu, Monitor, Moon, Play, Sun } from "lucide-react";
import { lazy, Suspense } from "react";
import type { Dashboard } from "@/api/generated";
import { ActionButton } from "@/components/ActionButton";
import { LiveIndicator } from "@/components/LiveIndicator";
import { Mark } from "@/components/Mark";
import { SearchButton } from "@/components/SearchButton";
import type { Overlay } from "@/components/ShellKeys";
import { Button } from "@/components/ui/button";
import { ChoiceMenu } from "@/components/ui/menu";
import { cn } from "@/lib/cn";
import { useStartRun } from "@/lib/start-run";
import { type Theme, useTheme } from "@/lib/theme";
import { LOCAL, useZone } from "@/lib/time";

const UserMenu = lazy(() =>
  import("@/components/UserMenu").then((module) => ({ default: module.UserMenu })),
);

export function TopBar({
  dashboard,
  show,
}: {
  dashboard: Dashboard | undefined;
  show: (overlay: Overlay) => void;
}) {
  const onMenu = () => show("menu");
  const { open } = useStartRun();
  return (
    <header className="sticky top-0 z-20 flex h-14 min-w-0 items-center gap-2 border-line border-b bg-[color-mix(in_srgb,var(--bg)_88%,transparent)] px-6 backdrop-blur-[10px] max-s:gap-1 max-s:px-3">
      <Link to="/" aria-label="Overview" className="s:hidden">
        <Mark className="size-[26px]" />
      </Link>
      <Button
        variant="ghost"
        size="icon"
        aria-label="Menu"
        className="max-s:hidden m:hidden"
        onClick={onMenu}
      >
        <Menu aria-hidden />
      </Button>
      <Connection dashboard={dashboard} onMenu={onMenu} />
      <SearchButton onOpen={() => show("palette")} />
      <div className="flex-1" />
      <LiveIndicator />
      <ZoneMenu onOther={() => show("zone")} />
      <ThemeMenu />
      <Suspense>
        <UserMenu className="max-s:hidden" />
      </Suspense>
      <ActionButton variant="primary" onClick={() => open()}>
        <Play aria-hidden /> Run now
      </ActionButton>
    </header>
  );
}

/** The connection this page is about, or how many there are. */
function Connection({
  dashboard,
  onMenu,
}: {
  dashboard: Dashboard | undefined;
  onMenu: () => void;
}) {
  const all = dashboard?.connections ?? [];
  const [connection] = all;
  const tone = !connection
    ? "bg-mute-icon"
    : dashboard?.status === "connected"
      ? "bg-ok-icon"
      : "bg-fail-icon";
  const tip =
    all.length > 1
      ? all.map((each) => `${each.name}: ${each.source} to ${each.target}`).join("\n")
      : connection &&
        `Source ${connection.source}\nTarget ${connection.target}\nCredential ${connection.credential}`;
  const one = connection?.name ?? (dashboard ? "No connection" : "Connection");
  return (
    <button
      type="button"
      data-tip={tip}
      onClick={onMenu}
      className="flex min-w-0 items-center gap-2 rounded-m px-2 py-1.5 font-[550] text-ink-2 text-md hover:bg-hover hover:text-ink m:pointer-events-none m:-ml-2"
    >
      <span aria-hidden className={cn("size-2 flex-none rounded-full", tone)} />
      <span className="truncate">{all.length > 1 ? `${all.length} connections` : one}</span>
      <ChevronDown aria-hidden className="size-3.5 flex-none s:hidden" />
    </button>
  );
}

const OTHER = "other";

function ZoneMenu({ onOther }: { onOther: () => void }) {
  const { times, setZone } = useZone();
  const chosen = ["UTC", "local"].includes(times.zone) ? [] : [times.zone];
  return (
    <ChoiceMenu<string>
      label="Time zone"
      value={times.zone}
      onChange={(zone) => (zone === OTHER ? onOther() : setZone(zone))}
      options={[
        { value: "UTC", label: "UTC" },
        { value: "local", label: `Local (${LOCAL})` },
        ...chosen.map((zone) => ({ value: zone, label: zone.replaceAll("_", " ") })),
        { value: OTHER, label: "Another zone…" },
      ]}
    >
      {times.label}
      <ChevronDown aria-hidden className="size-3.5! max-s:hidden" />
    </ChoiceMenu>
  );
}

const THEME_ICON = { system: Monitor, light: Sun, dark: Moon } as const;
const THEME_OPTIONS = [
  { value: "system", label: "System" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
] as const;

function ThemeMenu() {
  const [theme, setTheme] = useTheme();
  const Icon = THEME_ICON[theme];
  return (
    <ChoiceMenu<Theme>
      label="Theme"
      value={theme}
      onChange={setTheme}
      options={THEME_OPTIONS}
      square
    >
      <Icon aria-hidden />
    </ChoiceMenu>
  );
}
