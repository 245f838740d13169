// Takes the pictures of docs/screens from the real page over a sample export: `bun run screens`.
// `bun run screens tables run` takes the pictures again whose names begin so.
import { mkdirSync } from "node:fs";
import { album, OUT, openBrowser, TWO } from "./screens/camera.mjs";
import {
  makeLake,
  more,
  removeLake,
  restoreAndSync,
  SERVERS,
  verify,
  viewersToken,
  withoutSource,
  withServer,
} from "./screens/lake.mjs";

const press = (name) => (page) => page.getByRole("button", { name }).first().click();

const PAGES = [
  { name: "overview", path: "/" },
  { name: "tables", path: "/tables" },
  { name: "tables-matrix", path: "/tables?view=matrix" },
  { name: "compare", path: "/compare?a=cc_claim&b=cc_exposure" },
  { name: "table", path: "/tables/cc_claim" },
  { name: "table-schema", path: "/tables/cc_claim?tab=schema" },
  { name: "table-history", path: "/tables/cc_claim?tab=history" },
  { name: "table-data", path: "/tables/cc_contact?tab=data" },
  { name: "table-current", path: "/tables/cc_contact?tab=data&view=current" },
  { name: "table-states", path: "/tables/cc_contact?tab=data&view=history&id=3000000003" },
  { name: "table-runs", path: "/tables/cc_claim?tab=runs" },
  { name: "runs", path: "/runs" },
  { name: "sources", path: "/sources" },
  { name: "source", path: "/sources/default" },
  { name: "source-manifest", path: "/sources/default?tab=manifest" },
  { name: "source-objects", path: "/sources/default?tab=objects" },
  { name: "settings-configuration", path: "/settings/configuration" },
  { name: "settings-access", path: "/settings/access" },
  { name: "settings-audit", path: "/settings/audit" },
  { name: "settings-system", path: "/settings/system" },
  { name: "not-found", path: "/nosuch" },
];

const OPENED = [
  {
    name: "source-tested",
    path: "/sources/default",
    prepare: async (page) => {
      const card = page.getByRole("region", { name: "Test connection" });
      await card.getByRole("button", { name: "Test connection" }).click();
      await card.getByRole("listitem").first().waitFor();
    },
  },
  {
    name: "start-run",
    path: "/runs",
    whole: false,
    prepare: async (page) => {
      await press("Run now")(page);
      await page.getByRole("button", { name: /^Start run of/ }).waitFor();
    },
  },
  {
    name: "dry-run",
    path: "/tables/cc_claim",
    whole: false,
    prepare: async (page) => {
      await press("More for this table")(page);
      await press("Rebuild…")(page);
      await page.getByText("Takes out").waitFor();
    },
  },
  {
    name: "palette",
    path: "/",
    whole: false,
    prepare: async (page) => {
      await page.keyboard.press("Control+k");
      await page.getByRole("dialog").getByRole("combobox").fill("claim");
      await page
        .getByRole("option", { name: /cc_claim/ })
        .first()
        .waitFor();
    },
  },
  {
    name: "shortcuts",
    path: "/",
    whole: false,
    prepare: async (page) => {
      await page.keyboard.press("?");
      await page.getByRole("dialog").waitFor();
    },
  },
  {
    name: "connection-dialog",
    path: "/sources",
    whole: false,
    prepare: async (page) => {
      await press("Add connection")(page);
      await page.getByRole("dialog").getByText("Options").click();
    },
  },
];

const NOTHING_FOUND = [
  { name: "empty-tables-filtered", path: "/tables?q=zzzz", views: TWO },
  { name: "empty-runs-filtered", path: "/runs?who=nobody", views: TWO },
  { name: "empty-audit", path: "/settings/audit?who=nobody", views: TWO },
  { name: "empty-manifest", path: "/sources/default?tab=manifest&q=zzzz", views: TWO },
  { name: "empty-compare", path: "/compare", views: TWO },
];

const MISSING = [
  { name: "error-run-unknown", path: "/runs/nosuch", views: TWO },
  { name: "error-table-unknown", path: "/tables/cc_clam", views: TWO },
  { name: "error-source-unknown", path: "/sources/nosuch", views: TWO },
];

const NO_CONNECTION = [
  { name: "empty-overview", path: "/", views: TWO },
  { name: "empty-tables", path: "/tables", views: TWO },
  { name: "empty-runs", path: "/runs", views: TWO },
  { name: "empty-sources", path: "/sources", views: TWO },
  { name: "empty-configuration", path: "/settings/configuration", views: TWO },
];

const NO_SOURCE = [
  { ...OPENED[0], name: "error-source-gone", views: TWO },
  { name: "error-source-objects", path: "/sources/default?tab=objects", views: TWO },
  { name: "error-source-manifest", path: "/sources/default?tab=manifest", views: TWO },
];

/** The server answers every question of a page with the same refusal. */
const refuses = (page) =>
  page.route("**/api/**", (route) =>
    route.fulfill({
      status: 503,
      contentType: "application/problem+json",
      body: JSON.stringify({
        type: "about:blank",
        title: "Database unavailable",
        status: 503,
        code: "DATABASE_UNAVAILABLE",
        detail: "The database of the monitor does not answer.",
        hint: "Look at the health of the database server; the page asks again by itself.",
        request_id: "3f6c21d09ab1",
      }),
    }),
  );
const REFUSED = [
  ["overview", "/"],
  ["tables", "/tables"],
  ["table", "/tables/cc_claim"],
  ["runs", "/runs"],
  ["sources", "/sources"],
  ["configuration", "/settings/configuration"],
  ["access", "/settings/access"],
  ["audit", "/settings/audit"],
  ["system", "/settings/system"],
].map(([name, path]) => ({ name: `error-${name}`, path, before: refuses, views: TWO }));

const silent = (page) => page.route("**/api/**", (route) => route.abort());
const SERVER_GONE = [{ name: "error-server-gone", path: "/runs", before: silent, views: TWO }];

const asViewer = (token) => (page) =>
  page.context().setExtraHTTPHeaders({ authorization: `Bearer ${token}` });

const wanted = process.argv.slice(2);
const chosen = (pictures) =>
  pictures.filter(({ name }) => !wanted.length || wanted.some((each) => name.startsWith(each)));

const asked = (url, path) =>
  fetch(`${url}/api/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "{}",
  });

/** So that the audit log has something to tell. */
async function act(url) {
  for (const path of ["tables/refresh", "connections/default/test"]) await asked(url, path);
  await fetch(`${url}/api/tables/cc_contact/sample`);
}

async function ofPaused(browser, url) {
  await asked(url, "connections/default/pause");
  await album(browser, url, chosen([{ name: "runs-paused", path: "/runs", whole: false }]));
  await asked(url, "connections/default/resume");
}

/** A colleague's RESTORE, noticed by a run; and a table that was verified. */
async function ofHolds(browser, url) {
  const pictures = chosen([
    { name: "table-held", path: "/tables/cc_claim" },
    { name: "table-verified", path: "/tables/cc_contact" },
  ]);
  if (!pictures.length) return;
  restoreAndSync("cc_claim");
  verify("cc_contact");
  await asked(url, "tables/refresh");
  const isHeld = async () => (await (await fetch(`${url}/api/tables/cc_claim`)).json()).hold;
  while (!(await isHeld())) await new Promise((wake) => setTimeout(wake, 200));
  await album(browser, url, pictures);
}

/** The run that brought most; and one that is still going on. */
async function ofRuns(browser, url) {
  const runs = await (await fetch(`${url}/api/guidewire/jobs`)).json();
  const [shown] = runs.toSorted((a, b) => b.rows - a.rows);
  await album(browser, url, chosen([{ name: "run", path: `/runs/${shown.run_id}` }]));
  if (!chosen([{ name: "run-live" }]).length) return;
  more(300);
  const { run_id } = await (await asked(url, "guidewire/jobs/start")).json();
  await album(browser, url, [{ name: "run-live", path: `/runs/${run_id}` }]);
}

async function ofTheLake(browser, url) {
  await act(url);
  await album(browser, url, chosen([...PAGES, ...OPENED, ...NOTHING_FOUND, ...MISSING]));
  await album(browser, url, chosen([...REFUSED, ...SERVER_GONE]));
  await withoutSource(() => album(browser, url, chosen(NO_SOURCE)));
  await ofPaused(browser, url);
  await ofRuns(browser, url);
  await ofHolds(browser, url);
}

async function ofRoles(browser, url) {
  const before = asViewer(viewersToken());
  const refused = ["access", "audit", "system"].map((page) => ({
    name: `error-viewer-${page}`,
    path: `/settings/${page}`,
    before,
    views: TWO,
  }));
  await album(browser, url, chosen([{ name: "login", path: "/login" }, ...refused]));
}

mkdirSync(OUT, { recursive: true });
makeLake();
const browser = await openBrowser();
try {
  await withServer(SERVERS.full, (url) => ofTheLake(browser, url));
  await withServer(SERVERS.empty, (url) => album(browser, url, chosen(NO_CONNECTION)));
  await withServer(SERVERS.login, (url) => ofRoles(browser, url));
} finally {
  await browser.close();
  removeLake();
}
