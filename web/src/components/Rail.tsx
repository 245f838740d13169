import { Link } from "@tanstack/react-router";
import { Menu, PanelLeftClose, PanelLeftOpen } from "lucide-react";
import { lazy, Suspense } from "react";
import type { Dashboard } from "@/api/generated";
import { Mark } from "@/components/Mark";
import { PLACES, type Place } from "@/components/places";
import { Button } from "@/components/ui/button";
import { narrowed, useChosen } from "@/lib/chosen";
import { cn } from "@/lib/cn";
import { count } from "@/lib/format";

const Services = lazy(() =>
  import("@/components/Later").then((module) => ({ default: module.Services })),
);

export function Rail({
  dashboard,
  isFolded = false,
  onFold,
}: {
  dashboard: Dashboard | undefined;
  isFolded?: boolean;
  /** Only where there is something to fold. */
  onFold?: () => void;
}) {
  return (
    <>
      <Link
        to="/"
        aria-label={isFolded ? "Overview" : undefined}
        className="mb-3.5 flex h-9 items-center gap-2.5 px-1"
      >
        <Mark className="size-[26px] flex-none" />
        {!isFolded && (
          <span>
            <b className="block font-[620] text-md leading-4 tracking-[-.01em]">
              Connector Monitor
            </b>
            <small className="block text-axis text-ink-3">for Guidewire CDA</small>
          </span>
        )}
      </Link>
      <nav aria-label="Main">
        <ul className="grid gap-0.5">
          {PLACES.map((place) => (
            <PlaceLink key={place.to} place={place} dashboard={dashboard} isFolded={isFolded} />
          ))}
        </ul>
      </nav>
      <div className="mt-auto grid gap-2 pt-6">
        <Suspense>
          <Services dashboard={dashboard} isFolded={isFolded} />
        </Suspense>
        {onFold && <FoldButton isFolded={isFolded} onFold={onFold} />}
      </div>
    </>
  );
}

function PlaceLink({
  place: { to, label, icon: Icon },
  dashboard,
  isFolded,
}: {
  place: Place;
  dashboard: Dashboard | undefined;
  isFolded: boolean;
}) {
  const chosen = useChosen();
  return (
    <li>
      <Link
        to={to}
        search={narrowed(to, chosen)}
        activeOptions={{ exact: to === "/", includeSearch: false }}
        data-tip={isFolded ? label : undefined}
        className={cn(
          "relative flex h-8 items-center gap-2.5 rounded-m px-2 font-medium text-[13.5px] text-ink-2 hover:bg-hover hover:text-ink aria-[current=page]:bg-hover aria-[current=page]:font-semibold aria-[current=page]:text-ink aria-[current=page]:before:absolute aria-[current=page]:before:inset-y-[7px] aria-[current=page]:before:-left-3 aria-[current=page]:before:w-[3px] aria-[current=page]:before:rounded-r-[3px] aria-[current=page]:before:bg-accent aria-[current=page]:[&_svg]:text-accent-ink",
          isFolded && "justify-center",
        )}
      >
        <Icon aria-hidden className="size-4 flex-none" strokeWidth={1.75} />
        <span className={isFolded ? "sr-only" : undefined}>{label}</span>
        {!isFolded && <Count to={to} dashboard={dashboard} />}
      </Link>
    </li>
  );
}

function FoldButton({ isFolded, onFold }: { isFolded: boolean; onFold: () => void }) {
  const Icon = isFolded ? PanelLeftOpen : PanelLeftClose;
  return (
    <Button
      variant="ghost"
      size="s"
      aria-label={isFolded ? "Unfold the navigation" : "Fold the navigation"}
      aria-expanded={!isFolded}
      data-tip={isFolded ? "Unfold" : undefined}
      className={isFolded ? "justify-center px-0" : "justify-start px-2"}
      onClick={onFold}
    >
      <Icon aria-hidden /> {!isFolded && "Fold"}
    </Button>
  );
}

function Count({ to, dashboard }: { to: Place["to"]; dashboard: Dashboard | undefined }) {
  if (!dashboard) return null;
  if (to === "/tables") {
    return <span className="ml-auto text-sm tabular-nums">{count(dashboard.total_tables)}</span>;
  }
  if (to === "/runs" && dashboard.active_run) {
    return (
      <span className="ml-auto flex items-center gap-1.5 text-info text-sm">
        <span aria-hidden className="size-2 rounded-full bg-info-icon" />1
        <span className="sr-only">going on</span>
      </span>
    );
  }
  return null;
}

/** The same places at the thumb, on small screens. */
export function TabBar({
  dashboard,
  onMore,
}: {
  dashboard: Dashboard | undefined;
  onMore: () => void;
}) {
  const chosen = useChosen();
  const item =
    "relative grid min-h-12 justify-items-center gap-0.5 rounded-m py-1.5 font-[550] text-axis text-ink-2 aria-[current=page]:text-ink aria-[current=page]:[&_svg]:text-accent-ink";
  return (
    <nav
      aria-label="Main, small screens"
      className="fixed inset-x-0 bottom-0 z-30 grid auto-cols-fr grid-flow-col border-line border-t bg-surface p-1 pb-[max(4px,env(safe-area-inset-bottom))] m:hidden"
    >
      {PLACES.slice(0, AT_THE_THUMB).map(({ to, label, icon: Icon }) => (
        <Link
          key={to}
          to={to}
          search={narrowed(to, chosen)}
          activeOptions={{ exact: to === "/", includeSearch: false }}
          className={item}
        >
          <Icon aria-hidden className="size-5" strokeWidth={1.75} />
          {label}
          {to === "/runs" && dashboard?.active_run && (
            <span
              aria-hidden
              className="absolute top-1.5 left-[calc(50%+10px)] size-2 rounded-full bg-info-icon"
            />
          )}
        </Link>
      ))}
      <button type="button" className={item} aria-haspopup="dialog" onClick={onMore}>
        <Menu aria-hidden className="size-5" strokeWidth={1.75} />
        More
      </button>
    </nav>
  );
}

const AT_THE_THUMB = 4;
