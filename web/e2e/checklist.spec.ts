import type { APIRequestContext } from "@playwright/test";
import { test as base, expect } from "./lake";
import { KEY_ID, S3Lake, SECRET } from "./s3-lake";
import { cancel, held, startSlowRun } from "./slow-run";

/** The design document's manual checklist, by its own names, against a real S3 server. */

const test = base.extend<object, { lake: S3Lake }>({
  lake: [
    async ({ lakeOptions }, use) => {
      const lake = new S3Lake();
      await lake.startStore();
      lake.make(lakeOptions);
      await lake.start();
      await use(lake);
      await lake.stop();
      lake.stopStore();
      lake.remove();
    },
    { scope: "worker", timeout: 120_000 },
  ],
});

test.describe.configure({ mode: "serial" });
test.use({ lakeOptions: { tables: 12, folders: 40, synced: true, dirt: false } });

/** Nothing runs: what a test before has started is over. */
const idle = (request: APIRequestContext) =>
  expect
    .poll(async () => (await (await request.get("/api/dashboard")).json()).active_run, {
      timeout: 60_000,
    })
    .toBeNull();

test("Dashboard loads with correct metrics", async ({ page, request }) => {
  const look = async () => (await request.get("/api/tables?limit=0")).json();
  // A server that has just started has looked at nothing yet, and says so.
  await expect.poll(async () => (await look()).as_of).not.toBeNull();
  const listed = await look();
  expect(listed.total_tables).toBeGreaterThan(0);
  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1 })).toContainText(`${listed.total_tables}`);
  const main = page.getByRole("main");
  await expect(main.getByText("s3://acme-cda/prod").first()).toBeVisible();
  await expect(main.getByText("s3://acme-lake/guidewire").first()).toBeVisible();
  const dashboard = await (await request.get("/api/dashboard")).json();
  expect(dashboard).toMatchObject({
    total_tables: listed.total_tables,
    status: "connected",
    s3_bucket: "acme-lake/guidewire",
  });
  expect(Date.parse(dashboard.last_processing_time)).toBeLessThanOrEqual(Date.now());
});

test("Table list displays all S3 tables", async ({ page, lake }) => {
  const synced = JSON.parse(lake.cli("tables", lake.target, "--json"));
  await page.goto("/tables?sort=name");
  const table = page.getByRole("table", { name: "Tables" });
  for (const { table: name } of synced.tables) {
    await expect(table.getByRole("link", { name, exact: true })).toBeVisible();
  }
});

test("Table detail shows schema, history, and sample data", async ({ page }) => {
  await page.goto("/tables/cc_claim?tab=schema");
  await expect(page.getByRole("cell", { name: /^gwcbi___seqval_hex/ })).toBeVisible();
  await page.getByRole("tab", { name: /History/ }).click();
  await expect(page.getByRole("table", { name: /Versions/ }).getByRole("row")).not.toHaveCount(1);
  await page.getByRole("tab", { name: /Data/ }).click();
  await expect(page.getByRole("region", { name: "Sample rows" }).getByRole("row")).toHaveCount(11);
});

test("Configuration page displays masked credentials", async ({ page, request }) => {
  await page.goto("/settings/configuration");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.getByText(`****${KEY_ID.slice(-4)}`).first()).toBeVisible();
  const seen = await page.content();
  expect(seen).not.toContain(KEY_ID);
  expect(seen).not.toContain(SECRET);
  expect(await (await request.get("/api/config")).text()).not.toContain(KEY_ID);
});

test("Job submission starts processing job", async ({ page, lake }) => {
  lake.cli("sample", lake.source, "--extra-folders", "8");
  await page.goto("/");
  const path = await startSlowRun(page);
  await held(lake, path, async () => {
    await expect(
      page
        .getByRole("main")
        .getByText(/Running|Pending/)
        .first(),
    ).toBeVisible();
  });
});

test("Job status updates in real-time", async ({ page, request, lake }) => {
  await idle(request);
  lake.cli("sample", lake.source, "--extra-folders", "8");
  await page.goto("/runs");
  const path = await startSlowRun(page);
  const bar = page.getByRole("progressbar").first();
  let before = 0;
  await held(lake, path, async () => {
    before = Number(await bar.getAttribute("aria-valuenow"));
    expect(before).toBeLessThan(100);
  });
  await expect
    .poll(async () => Number(await bar.getAttribute("aria-valuenow")), { timeout: 60_000 })
    .toBeGreaterThan(before);
});

test("Job logs stream correctly", async ({ page }) => {
  await page.goto("/runs");
  await page
    .getByRole("link", { name: /^Run 2/ })
    .first()
    .click();
  const log = page.getByRole("log");
  await expect(log).toContainText("INFO");
  await expect(log).toContainText(/version \d+: \d+ folders, \d+ rows/, { timeout: 60_000 });
});

test("Job cancellation works", async ({ page, request, lake }) => {
  // The run of the tests before ends first, and another comes after.
  test.setTimeout(180_000);
  await idle(request);
  lake.cli("sample", lake.source, "--extra-folders", "10");
  await page.goto("/runs");
  const path = await startSlowRun(page);
  await held(lake, path, () => cancel(page));
  await expect(page.getByRole("main").getByText("Cancelled").first()).toBeVisible();
  // Nothing goes on behind the word: what the next run finds is what the cancelled one left.
  lake.sync();
  const verdict = await (await request.get("/api/guidewire/jobs?limit=1")).json();
  expect(verdict[0].status).toBe("completed");
});
