import { useQuery } from "@tanstack/react-query";
import { Outlet, useRouterState } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import type { Dashboard } from "@/api/generated";
import { dashboardQuery } from "@/api/queries";
import { Footer } from "@/components/Footer";
import { Rail, TabBar } from "@/components/Rail";
import type { Overlay } from "@/components/ShellKeys";
import { TopBar } from "@/components/TopBar";
import { useAnnounce } from "@/lib/announce";
import { Chosen, useKept } from "@/lib/chosen";
import { cn } from "@/lib/cn";
import { shortId } from "@/lib/format";
import { remember } from "@/lib/recent";
import { readSetting, writeSetting } from "@/lib/storage";
import { runWord } from "@/lib/vocabulary";

const later = () => import("@/components/Later");
const Later = lazy(() => later().then((module) => ({ default: module.Later })));
const Banners = lazy(() => later().then((module) => ({ default: module.Banners })));
const Drawer = lazy(() =>
  import("@/components/ui/dialog").then((module) => ({ default: module.Drawer })),
);

/** The frame around every page. */
export function Layout() {
  const dashboard = useQuery(dashboardQuery()).data;
  const [overlay, show] = useState<Overlay>(null);
  const [isFolded, fold] = useFolded();
  const main = useRef<HTMLElement>(null);
  const chosen = useKept();
  usePageChange(main, () => show(null));
  useRunNews(dashboard);
  return (
    <Chosen value={chosen}>
      <div
        className={cn(
          "grid min-h-dvh grid-cols-[minmax(0,1fr)]",
          isFolded ? "m:grid-cols-[60px_minmax(0,1fr)]" : "m:grid-cols-[224px_minmax(0,1fr)]",
        )}
      >
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
          <div className="sticky top-0 flex h-dvh flex-col overflow-y-auto p-3">
            <Rail dashboard={dashboard} isFolded={isFolded} onFold={fold} />
          </div>
        </aside>
        <div className="flex min-w-0 flex-col">
          <TopBar dashboard={dashboard} show={show} />
          <Suspense>
            <Banners />
          </Suspense>
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
        <TabBar dashboard={dashboard} onMore={() => show("menu")} />
        {overlay === "menu" && (
          <Suspense>
            <Drawer open onClose={() => show(null)} label="Navigation">
              <Rail dashboard={dashboard} />
            </Drawer>
          </Suspense>
        )}
        <Suspense>
          <Later shown={overlay} show={show} onRail={fold} />
        </Suspense>
      </div>
    </Chosen>
  );
}

/** The rail as icons, remembered. */
function useFolded(): [boolean, () => void] {
  const [isFolded, setFolded] = useState(() => readSetting("rail") === "icons");
  const fold = () => {
    writeSetting("rail", isFolded ? "words" : "icons");
    setFolded(!isFolded);
  };
  return [isFolded, fold];
}

/** A new page begins with the reader's focus at its heading, as a loaded page would begin. */
function usePageChange(main: React.RefObject<HTMLElement | null>, onChange: () => void): void {
  // Of the page that stands, not of the one that is still being fetched.
  const pathname = useRouterState({ select: (state) => state.resolvedLocation?.pathname ?? null });
  const search = useRouterState({ select: (state) => state.resolvedLocation?.searchStr ?? "" });
  const last = useRef<string | null>(null);
  const latest = useRef(onChange);
  latest.current = onChange;
  useEffect(() => {
    if (pathname === null) return;
    remember(pathname, new URLSearchParams(search).get("connection") ?? undefined);
    const isFirst = last.current === null;
    if (last.current === pathname) return;
    last.current = pathname;
    if (isFirst) return;
    latest.current();
    focusHeading(main.current);
  }, [pathname, search, main]);
}

function focusHeading(main: HTMLElement | null): void {
  const heading = main?.querySelector<HTMLElement>("h1");
  heading?.setAttribute("tabindex", "-1");
  (heading ?? main)?.focus({ preventScroll: true });
}

/** Who does not see it hears when a run begins or ends. */
function useRunNews(dashboard: Dashboard | undefined): void {
  const { say } = useAnnounce();
  const newest = dashboard?.active_run ?? dashboard?.last_run;
  const news = newest && `Run ${shortId(newest.run_id)}: ${runWord(newest.status).word}.`;
  const last = useRef<string | undefined>(undefined);
  useEffect(() => {
    if (last.current !== undefined && news && news !== last.current) say(news, { seen: false });
    last.current = news ?? "";
  }, [news, say]);
}
