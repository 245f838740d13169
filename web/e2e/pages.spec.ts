import type { Page } from "@playwright/test";
import { expectNoFindings, expectNoSidewaysScroll, openNewestRun, opens, settled } from "./inspect";
import { expect, test } from "./lake";

/** Every page, in both themes and on a phone: nothing for axe to find, nothing to scroll sideways. */

// Each page is a test of its own, so that two browsers share them.
test.describe.configure({ mode: "parallel" });
test.use({ lakeOptions: { tables: 11, folders: 20, synced: true, dirt: true } });

const PAGES: readonly [name: string, path: string][] = [
  ["overview", "/"],
  ["overview, trends of 7 days", "/?days=7"],
  ["tables", "/tables"],
  ["tables, nothing found", "/tables?q=nosuchtable"],
  ["tables, found near", "/tables?q=exposrue"],
  ["matrix", "/tables?view=matrix"],
  ["comparison", "/compare?a=cc_claim&b=cc_exposure"],
  ["comparison, nothing chosen", "/compare"],
  ["table", "/tables/cc_claim"],
  ["table that failed", "/tables/cc_nothing"],
  ["table schema", "/tables/cc_claim?tab=schema"],
  ["table history", "/tables/cc_claim?tab=history"],
  ["table data", "/tables/cc_contact?tab=data"],
  ["table runs", "/tables/cc_claim?tab=runs"],
  ["runs", "/runs"],
  ["runs, filtered by dates", "/runs?from=2020-01-01T00:00:00.000Z"],
  ["runs, nothing found", "/runs?state=cancelled"],
  ["sources", "/sources"],
  ["source", "/sources/default"],
  ["source manifest", "/sources/default?tab=manifest"],
  ["source objects", "/sources/default?tab=objects"],
  ["source objects of the target", "/sources/default?tab=objects&side=target"],
  ["configuration", "/settings/configuration"],
  ["access", "/settings/access"],
  ["audit", "/settings/audit"],
  ["audit, nothing found", "/settings/audit?who=nobody"],
  ["system", "/settings/system"],
  ["login", "/login"],
  ["no such source", "/sources/nosuch"],
  ["no such table", "/tables/nosuch"],
  ["no such run", "/runs/nosuch"],
  ["no such page", "/nosuch"],
];

for (const [name, path] of PAGES) {
  test(`${name}: nothing for axe to find, nothing to scroll sideways`, async ({ page }) => {
    await page.goto(path);
    await settled(page);
    await expectNoFindings(page);
    await expectNoSidewaysScroll(page);
  });
}

test("system, with a route above the limit: nothing to scroll sideways", async ({ page }) => {
  await page.route("**/api/system", async (route) => {
    const answer = await route.fetch();
    const system = await answer.json();
    const slow = { name: "/api/tables/{name}/history", count: 12_345, p50_ms: 524, p95_ms: 524 };
    system.requests = [{ ...system.requests[0], ...slow }];
    await route.fulfill({ response: answer, json: system });
  });
  await page.goto("/settings/system");
  await settled(page);
  await expect(page.getByRole("cell", { name: /slow/ }).first()).toBeAttached();
  await expectNoSidewaysScroll(page);
});

test("run: nothing for axe to find, nothing to scroll sideways", async ({ page }) => {
  await openNewestRun(page);
  await settled(page);
  await expectNoFindings(page);
  await expectNoSidewaysScroll(page);
});

test("run, its log narrowed to errors and searched: the same", async ({ page }) => {
  await openNewestRun(page);
  await page.goto(`${page.url()}?level=error&table=cc_nothing&q=cc_nothing`);
  await settled(page);
  await expectNoFindings(page);
  await expectNoSidewaysScroll(page);
});

interface Overlay {
  name: string;
  at: string;
  show: (page: Page) => Promise<void>;
}

const press = (name: string) => async (page: Page) =>
  page.getByRole("button", { name, exact: true }).first().click();

async function search(page: Page, text: string): Promise<void> {
  await opens(page, "Control+k");
  await page.keyboard.type(text);
  await expect(page.getByRole("option").first()).toBeVisible();
  await expect(page.getByText("Searching…")).toHaveCount(0);
}

const OVERLAYS: readonly Overlay[] = [
  { name: "palette", at: "/tables", show: (page) => opens(page, "Control+k") },
  { name: "palette, found", at: "/tables", show: (page) => search(page, "claim") },
  { name: "palette, nothing found", at: "/tables", show: (page) => search(page, "zzzzzz") },
  { name: "shortcuts", at: "/tables", show: (page) => opens(page, "?") },
  {
    name: "zones",
    at: "/runs",
    show: async (page) => void (await page.getByLabel("Time zone").selectOption("other")),
  },
  {
    name: "start of a run",
    at: "/",
    show: async (page) => {
      await press("Run now")(page);
      await expect(page.getByRole("region", { name: "Preflight" })).toContainText("nothing was");
    },
  },
  { name: "new connection", at: "/sources", show: press("Add connection") },
  { name: "new token", at: "/settings/access", show: press("New token") },
  ...["Views", "Columns", "Export", "Last commit", "Has column"].map((name) => ({
    name: `${name} of tables`,
    at: "/tables?q=claim",
    show: press(name),
  })),
];

for (const { name, at, show } of OVERLAYS) {
  test(`${name}: what opens over a page stands the same`, async ({ page }) => {
    await page.goto(at);
    await settled(page);
    await show(page);
    await expect(page.getByRole("dialog")).toBeVisible();
    await expectNoFindings(page);
    await expectNoSidewaysScroll(page);
  });
}

test("chosen tables and what can be done with them: the same", async ({ page }) => {
  await page.goto("/tables?sort=name");
  await page.locator("[data-row]").first().getByRole("checkbox").click();
  await expect(page.getByText("1 selected")).toBeVisible();
  await expectNoFindings(page);
  await expectNoSidewaysScroll(page);
});

test("a path that is no page answers 404, every page 200", async ({ request }) => {
  const status = async (path: string) =>
    (await request.get(path, { headers: { accept: "text/html" } })).status();
  expect(await status("/nosuch")).toBe(404);
  expect(await status("/tables/a/b")).toBe(404);
  for (const path of ["/", "/tables", "/tables/cc_claim", "/runs", "/runs/nosuch", "/settings"]) {
    expect(await status(path), path).toBe(200);
  }
});
