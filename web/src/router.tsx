import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  type RouterHistory,
  redirect,
  useRouterState,
} from "@tanstack/react-router";
import type { SortKey } from "@/api/generated";
import { Layout } from "@/components/Layout";
import {
  AUDIT_DAYS,
  type AuditSearch,
  CHANGED_BANDS,
  type CompareSearch,
  type ConfigurationSearch,
  DENSITIES,
  LAG_BANDS,
  type LoginSearch,
  type OverviewSearch,
  PERIODS,
  ROW_BANDS,
  type RunSearch,
  type RunsSearch,
  SIZE_BANDS,
  SOURCE_TABS,
  type SourceSearch,
  SPANS,
  TABLE_TABS,
  type TableSearch,
  type TablesSearch,
} from "@/lib/addresses";
import { ACTIONS, HEALTH_ORDER, RUN_STATES } from "@/lib/vocabulary";

/** Each page is a part of its own, fetched when it is first opened or the browser has time. */
export const PAGES = {
  DashboardPage: () => import("@/pages/DashboardPage"),
  TablesListPage: () => import("@/pages/TablesListPage"),
  TableDetailPage: () => import("@/pages/TableDetailPage"),
  ComparePage: () => import("@/pages/ComparePage"),
  JobsPage: () => import("@/pages/JobsPage"),
  JobDetailPage: () => import("@/pages/JobDetailPage"),
  LoginPage: () => import("@/pages/LoginPage"),
  SourcesPage: () => import("@/pages/SourcesPage"),
  SourcePage: () => import("@/pages/SourcePage"),
  SettingsPage: () => import("@/pages/SettingsPage"),
  SystemPage: () => import("@/pages/SystemPage"),
  ConfigurationPage: () => import("@/pages/ConfigurationPage"),
  AccessPage: () => import("@/pages/AccessPage"),
  AuditPage: () => import("@/pages/AuditPage"),
  NotFoundPage: () => import("@/pages/NotFoundPage"),
  BrokenPage: () => import("@/pages/BrokenPage"),
};

/** What a route shows; by the name the build knows which parts the address needs at once. */
const shows = (page: keyof typeof PAGES) => ({
  component: lazyRouteComponent(PAGES[page] as () => Promise<Record<string, React.FC>>, page),
  staticData: { page },
});

type Raw = Record<string, unknown>;
const text = (value: unknown) =>
  typeof value === "string" || typeof value === "number" ? String(value) : "";
const words = (value: unknown) =>
  (Array.isArray(value) ? value.map(text) : text(value).split(",")).filter(Boolean);
const oneOf = <T extends string>(all: readonly T[], value: unknown) =>
  all.find((each) => each === value);
const someOf = <T extends string>(all: readonly T[], value: unknown) =>
  words(value).filter((each): each is T => (all as readonly string[]).includes(each));
const whole = (value: unknown) =>
  /^[1-9]\d{0,5}$/.test(text(value)) ? Number(text(value)) : undefined;
const moment = (value: unknown) =>
  Number.isNaN(Date.parse(text(value))) ? undefined : text(value);
/** A whole number from 0 on. */
const natural = (value: unknown) => (/^\d{1,15}$/.test(text(value)) ? Number(value) : undefined);
const isEmpty = (value: unknown) =>
  value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
/** What is empty is said to be undefined: the router would hand on what the address had of it. */
const filled = <T extends object>(search: { [K in keyof T]: T[K] | undefined | "" }) =>
  Object.fromEntries(
    Object.entries(search).map(([name, value]) => [name, isEmpty(value) ? undefined : value]),
  ) as T;

/** The login stands alone: the shell around the other pages would ask the server at once. */
function Frame() {
  const path = useRouterState({ select: (state) => state.location.pathname });
  return path === "/login" ? <Outlet /> : <Layout />;
}

const root = createRootRoute({
  component: Frame,
  notFoundComponent: lazyRouteComponent(PAGES.NotFoundPage, "NotFoundPage"),
});

const overview = createRoute({
  getParentRoute: () => root,
  path: "/",
  validateSearch: (raw: Raw): OverviewSearch =>
    filled<OverviewSearch>({
      days: oneOf(PERIODS, raw.days),
      connection: text(raw.connection),
    }),
  ...shows("DashboardPage"),
});

const tables = createRoute({
  getParentRoute: () => root,
  path: "/tables",
  validateSearch: (raw: Raw): TablesSearch =>
    filled<TablesSearch>({
      q: text(raw.q),
      health: someOf(HEALTH_ORDER, raw.health),
      app: words(raw.app),
      connection: words(raw.connection),
      lag: someOf(LAG_BANDS, raw.lag),
      changed: someOf(CHANGED_BANDS, raw.changed),
      size: someOf(SIZE_BANDS, raw.size),
      rows: someOf(ROW_BANDS, raw.rows),
      has: words(raw.has),
      since: /^\d{4}-\d{2}-\d{2}$/.test(text(raw.since)) ? moment(raw.since) : undefined,
      sort: (text(raw.sort) as SortKey) || undefined,
      cols: words(raw.cols),
      density: oneOf(DENSITIES, raw.density),
      view: oneOf(["matrix"] as const, raw.view),
      page: whole(raw.page),
      before: text(raw.before),
    }),
  ...shows("TablesListPage"),
});

const table = createRoute({
  getParentRoute: () => root,
  path: "/tables/$name",
  validateSearch: (raw: Raw): TableSearch =>
    filled<TableSearch>({
      connection: text(raw.connection),
      tab: oneOf(TABLE_TABS, raw.tab),
      op: text(raw.op),
      v: natural(raw.v),
      until: moment(raw.until),
      span: oneOf(SPANS, raw.span),
      a: natural(raw.a),
      b: natural(raw.b),
      cols: words(raw.cols),
      view: oneOf(["current", "history"] as const, raw.view),
      id: text(raw.id),
      only: oneOf(["active"] as const, raw.only),
    }),
  ...shows("TableDetailPage"),
});

const compare = createRoute({
  getParentRoute: () => root,
  path: "/compare",
  validateSearch: (raw: Raw): CompareSearch =>
    filled<CompareSearch>({
      a: text(raw.a),
      b: text(raw.b),
      ac: text(raw.ac),
      bc: text(raw.bc),
      av: natural(raw.av),
      bv: natural(raw.bv),
    }),
  ...shows("ComparePage"),
});

const runs = createRoute({
  getParentRoute: () => root,
  path: "/runs",
  validateSearch: (raw: Raw): RunsSearch =>
    filled<RunsSearch>({
      state: someOf(RUN_STATES, raw.state),
      trigger: words(raw.trigger),
      who: words(raw.who),
      connection: words(raw.connection),
      action: someOf(ACTIONS, raw.action),
      table: text(raw.table),
      days: whole(raw.days),
      from: moment(raw.from),
      to: moment(raw.to),
    }),
  ...shows("JobsPage"),
});

const run = createRoute({
  getParentRoute: () => root,
  path: "/runs/$runId",
  validateSearch: (raw: Raw): RunSearch =>
    filled<RunSearch>({
      state: text(raw.state),
      sort: text(raw.sort),
      level: oneOf(["warning", "error"] as const, raw.level),
      table: text(raw.table),
      attempt: whole(raw.attempt),
      from: moment(raw.from),
      to: moment(raw.to),
      q: text(raw.q),
    }),
  ...shows("JobDetailPage"),
});

const login = createRoute({
  getParentRoute: () => root,
  path: "/login",
  validateSearch: (raw: Raw): LoginSearch => filled<LoginSearch>({ to: text(raw.to) }),
  ...shows("LoginPage"),
});

const sources = createRoute({
  getParentRoute: () => root,
  path: "/sources",
  ...shows("SourcesPage"),
});

const source = createRoute({
  getParentRoute: () => root,
  path: "/sources/$name",
  validateSearch: (raw: Raw): SourceSearch =>
    filled<SourceSearch>({
      tab: oneOf(SOURCE_TABS, raw.tab),
      q: text(raw.q),
      only: oneOf(["new", "not_loaded"] as const, raw.only),
      side: oneOf(["target"] as const, raw.side),
      path: text(raw.path),
    }),
  ...shows("SourcePage"),
});

const settings = createRoute({
  getParentRoute: () => root,
  path: "/settings",
  ...shows("SettingsPage"),
});

const settingsHome = createRoute({
  getParentRoute: () => settings,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/settings/configuration", replace: true });
  },
});

const configuration = createRoute({
  getParentRoute: () => settings,
  path: "configuration",
  validateSearch: (raw: Raw): ConfigurationSearch =>
    filled<ConfigurationSearch>({ connection: text(raw.connection) }),
  ...shows("ConfigurationPage"),
});

const access = createRoute({
  getParentRoute: () => settings,
  path: "access",
  ...shows("AccessPage"),
});

const audit = createRoute({
  getParentRoute: () => settings,
  path: "audit",
  validateSearch: (raw: Raw): AuditSearch =>
    filled<AuditSearch>({
      who: text(raw.who),
      action: text(raw.action),
      subject: text(raw.subject),
      days: oneOf(AUDIT_DAYS, text(raw.days)),
    }),
  ...shows("AuditPage"),
});

const system = createRoute({
  getParentRoute: () => settings,
  path: "system",
  ...shows("SystemPage"),
});

/** Lists in an address are words with commas: /tables?health=Failed,Late */
function stringifySearch(search: Record<string, unknown>): string {
  const pairs = Object.entries(search)
    .filter(([, value]) => !isEmpty(value))
    .map(([key, value]) => {
      const shown = (Array.isArray(value) ? value : [value]).map((each) =>
        encodeURIComponent(String(each)),
      );
      return `${key}=${shown.join(",")}`;
    });
  return pairs.length ? `?${pairs.join("&")}` : "";
}

export const makeRouter = (history?: RouterHistory) =>
  createRouter({
    ...(history ? { history } : {}),
    routeTree: root.addChildren([
      overview,
      tables,
      table,
      compare,
      runs,
      run,
      login,
      sources,
      source,
      settings.addChildren([settingsHome, configuration, access, system, audit]),
    ]),
    parseSearch: (search) => Object.fromEntries(new URLSearchParams(search)),
    stringifySearch,
    defaultPreload: "intent",
    scrollRestoration: true,
    defaultPendingMs: 150,
    defaultErrorComponent: lazyRouteComponent(PAGES.BrokenPage, "BrokenPage"),
  });

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
