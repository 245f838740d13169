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
import { useStartRun } from "@/lib/start-run";
import { type Theme, useTheme } from "@/lib/theme";
import { LOCAL, useZone } from "@/lib/time";

const UserMenu = lazy(() =>
  import("@/components/UserMenu").then((module) => ({ default: module.UserMenu })),
);

const ConnectionMenu = lazy(() =>
  import("@/components/ConnectionMenu").then((module) => ({ default: module.ConnectionMenu })),
);

export function TopBar({
  dashboard,
  show,
}: {
  dashboard: Dashboard | undefined;
  show: (overlay: Overlay) => void;
}) {
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
        onClick={() => show("menu")}
      >
        <Menu aria-hidden />
      </Button>
      <Suspense fallback={<span className="w-28" />}>
        <ConnectionMenu dashboard={dashboard} />
      </Suspense>
      <SearchButton onOpen={() => show("palette")} />
      <div className="flex-1" />
      <LiveIndicator />
      <ZoneMenu onOther={() => show("zone")} />
      <ThemeMenu />
      <Suspense>
        <UserMenu className="max-s:hidden" />
      </Suspense>
      <ActionButton variant="primary" onClick={() => open()}>
        <Play aria-hidden />
        <span>
          Run <span className="max-s:sr-only">now</span>
        </span>
      </ActionButton>
    </header>
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
