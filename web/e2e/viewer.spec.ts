import type { Browser, Page } from "@playwright/test";
import { expectNoFindings, expectNoSidewaysScroll, settled } from "./inspect";
import { expect, type Lake, test } from "./lake";

/** Somebody who may look and not act: told so everywhere, and refused where they act all the same. */

const TOKEN = "PLANTED-first-admins-token-of-viewers-01";
const ENV = { CDALAKE_REQUIRE_LOGIN: "true", CDALAKE_TOKEN: TOKEN };

test.use({ lakeOptions: { tables: 6, folders: 6, synced: true, dirt: true, env: ENV } });

/** A page of somebody who has just been made, logged in by their own token. */
async function asViewer(browser: Browser, lake: Lake, name: string): Promise<Page> {
  const made = await fetch(`${lake.url}/api/tokens`, {
    method: "POST",
    headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" },
    body: JSON.stringify({ name, role: "viewer" }),
  });
  expect(made.status).toBe(201);
  const { token } = await made.json();
  const context = await browser.newContext({ baseURL: lake.url, reducedMotion: "reduce" });
  const page = await context.newPage();
  await page.goto(`/login#${token}`);
  await page.getByRole("button", { name: "Log in" }).click();
  await expect(page).toHaveURL(`${lake.url}/`);
  return page;
}

async function newestRun(page: Page): Promise<string> {
  const [run] = await (await page.request.get("/api/guidewire/jobs?limit=1")).json();
  return run.run_id;
}

test("what a viewer may not see or press says so, and stands axe and a phone", async ({
  browser,
  lake,
}) => {
  const page = await asViewer(browser, lake, "looker");
  for (const path of ["/", "/sources", "/settings/access", "/settings/audit"]) {
    await page.goto(path);
    await settled(page);
    await expectNoFindings(page);
    await expectNoSidewaysScroll(page);
  }
  await page.context().close();
});

const ACTS = /^(Run|Retry|Cancel|Start|Add connection|Edit|Remove|Test connection|New token)\b/;

test("no button of an action is a viewer's to press", async ({ browser, lake }) => {
  const page = await asViewer(browser, lake, "presser");
  const asked: string[] = [];
  page.on("request", (request) => {
    if (request.method() !== "GET") asked.push(`${request.method()} ${request.url()}`);
  });
  const run = `/runs/${await newestRun(page)}`;
  for (const path of ["/", "/tables", "/tables/cc_nothing", "/runs", run, "/sources/default"]) {
    await page.goto(path);
    await settled(page);
    const buttons = page.getByRole("button", { name: ACTS });
    await expect(buttons.first()).toBeVisible();
    for (const button of await buttons.all()) {
      await expect(button, path).toBeDisabled();
      await button.click({ force: true });
    }
    await expect(page.getByRole("dialog")).toHaveCount(0);
  }
  expect(asked).toEqual([]);
  await page.context().close();
});

test("every request that acts is refused to a viewer", async ({ browser, lake }) => {
  const page = await asViewer(browser, lake, "sender");
  const run = await newestRun(page);
  const headers = { origin: lake.url };
  const acts: [method: string, path: string, data?: object][] = [
    ["POST", "/api/guidewire/jobs/start", { config: {} }],
    ["POST", "/api/jobs/run", {}],
    ["POST", `/api/guidewire/jobs/${run}/retry`],
    ["DELETE", `/api/jobs/${run}`],
    ["POST", "/api/runs/bulk", { action: "retry", run_ids: [run] }],
    ["POST", "/api/tables/_run", { tables: [{ name: "cc_claim", connection: "default" }] }],
    ["POST", "/api/connections", { name: "mine", values: { source: "/x", target: "/y" } }],
    ["DELETE", "/api/connections/default"],
    ["POST", "/api/tokens", { name: "me", role: "admin" }],
    ["DELETE", "/api/tokens/sender"],
    ["POST", "/api/system/clean-up"],
    ["POST", "/api/demo"],
  ];
  for (const [method, path, data] of acts) {
    const answer = await page.request.fetch(path, { method, headers, ...(data && { data }) });
    expect(answer.status(), `${method} ${path}`).toBe(403);
    expect((await answer.json()).code, `${method} ${path}`).toBe("PERMISSION_MISSING");
  }
  await page.context().close();
});
