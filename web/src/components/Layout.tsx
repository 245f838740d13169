import { useQuery } from "@tanstack/react-query";
import { Outlet, useRouterState } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { dashboardQuery } from "@/api/queries";
import { Footer } from "@/components/Footer";
import { Notices } from "@/components/Notices";
import { Rail, TabBar } from "@/components/Rail";
import { ShellKeys } from "@/components/ShellKeys";
import { StaleBanner, UpgradeBanner } from "@/components/StaleBanner";
import { TipLayer } from "@/components/Tip";
import { TopBar } from "@/components/TopBar";

const Drawer = lazy(() =>
  import("@/components/ui/dialog").then((module) => ({ default: module.Drawer })),
);

/** The frame around every page. */
export function Layout() {
  const dashboard = useQuery(dashboardQuery()).data;
  const [drawer, setDrawer] = useState(false);
  const main = useRef<HTMLElement>(null);
  const path = useRouterState({ select: (state) => state.location.pathname });
  usePageChange(path, main, () => setDrawer(false));
  return (
    <div className="grid min-h-dvh grid-cols-[minmax(0,1fr)] m:grid-cols-[224px_minmax(0,1fr)]">
      <a
        href="#content"
        className="fixed -top-16 left-2 z-[90] rounded-m bg-surface px-3 py-2 shadow-3 focus:top-2"
      >
        Skip to content
      </a>
      <aside
        aria-label="Navigation and services"
        className="border-line border-r bg-surface max-m:hidden"
      >
        <div className="sticky top-0 flex h-dvh flex-col p-3">
          <Rail dashboard={dashboard} />
        </div>
      </aside>
      <div className="flex min-w-0 flex-col">
        <TopBar dashboard={dashboard} onMenu={() => setDrawer(true)} />
        <StaleBanner />
        <UpgradeBanner />
        <main
          ref={main}
          id="content"
          tabIndex={-1}
          className="mx-auto w-full min-w-0 max-w-[1440px] flex-1 px-6 pt-6 pb-10 focus:outline-none max-m:pb-24 max-s:px-3 max-s:pt-4"
        >
          <Outlet />
          <Footer version={dashboard?.version} />
        </main>
      </div>
      <TabBar dashboard={dashboard} />
      {drawer && (
        <Suspense>
          <Drawer open onClose={() => setDrawer(false)} label="Navigation">
            <Rail dashboard={dashboard} />
          </Drawer>
        </Suspense>
      )}
      <ShellKeys />
      <Notices />
      <TipLayer />
    </div>
  );
}

/** A new page begins at its top and with the reader's focus in it, as a loaded page would. */
function usePageChange(
  path: string,
  main: React.RefObject<HTMLElement | null>,
  onChange: () => void,
): void {
  const last = useRef(path);
  const latest = useRef(onChange);
  latest.current = onChange;
  useEffect(() => {
    if (last.current === path) return;
    last.current = path;
    latest.current();
    main.current?.focus({ preventScroll: true });
  }, [path, main]);
}
