import { expect, test } from "./lake";
import { held } from "./slow-run";

/** The walk of the issue: start, watch, look, cancel, restart, find again. */

test.describe.configure({ mode: "serial" });
test.use({ lakeOptions: { tables: 11, folders: 300, synced: false, dirt: false } });

test("an empty target says what to do first", async ({ page }) => {
  await page.goto("/");
  await expect(page).toHaveTitle("Guidewire Connector Monitor");
  await expect(page.getByRole("button", { name: "Run now" }).first()).toBeVisible();
});

test("a run is cancelled, and says what stays", async ({ page, lake }) => {
  await page.goto("/runs");
  await page.getByRole("button", { name: "Run now" }).first().click();
  await page.getByRole("button", { name: /^Start run of/ }).click();
  await expect(page).toHaveURL(/\/runs\/.+/);
  await held(lake, new URL(page.url()).pathname, async () => {
    await page.getByRole("button", { name: "Cancel run" }).click();
    const dialog = page.getByRole("dialog");
    await expect(dialog).toContainText("No row is lost or doubled");
    await expect(dialog).toContainText(/not started/i);
    await dialog.getByRole("button", { name: "Cancel run" }).click();
    await expect(dialog).toBeHidden();
  });
  await expect(page.getByRole("main").getByText("Cancelled").first()).toBeVisible();
});

test("two clicks start a run, and it is seen to move", async ({ page, lake }) => {
  await page.goto("/");
  await page.getByRole("button", { name: "Run now" }).first().click();
  await page.getByRole("button", { name: /^Start run of all/ }).click();
  await expect(page).toHaveURL(/\/runs\/.+/);
  const bar = page.getByRole("progressbar").first();
  let first = 0;
  await held(lake, new URL(page.url()).pathname, async () => {
    first = Number(await bar.getAttribute("aria-valuenow"));
    expect(first).toBeLessThan(100);
  });
  await expect
    .poll(async () => Number(await bar.getAttribute("aria-valuenow")), { timeout: 60_000 })
    .toBeGreaterThan(first);
  const log = page.getByRole("log");
  await expect(log).toContainText("INFO");

  // Everything of the page has come by now, also the pages not opened yet.
  // The server goes away in the middle and comes back; the page goes on by itself.
  await lake.stop();
  await expect(page.getByText("Not live.")).toBeVisible();
  await lake.start();
  await expect(page.getByText("Not live.")).toBeHidden({ timeout: 30_000 });
  await expect(page.getByRole("main").getByText("Completed").first()).toBeVisible({
    timeout: 60_000,
  });
  await expect(bar).toHaveAttribute("aria-valuenow", "100");
});

test("the run is found again after a restart, with its log", async ({ page, lake }) => {
  await lake.stop();
  await lake.start();
  await page.goto("/runs");
  const runs = page.getByRole("table", { name: /Runs, newest first/ });
  await expect(runs.getByRole("row")).toHaveCount(3);
  await expect(runs.getByRole("row").nth(1)).toContainText("Completed");
  await expect(runs.getByRole("row").nth(2)).toContainText("Cancelled");
  await runs.getByRole("link").first().click();
  await expect(page.getByRole("log")).toContainText("tables");
  await page.getByRole("link", { name: "Link to line 1", exact: true }).click();
  await expect(page).toHaveURL(/#L1$/);
});

test("a table shows its rows and its history", async ({ page }) => {
  await page.goto("/tables");
  await page.getByRole("link", { name: "cc_claim", exact: true }).click();
  await expect(page).toHaveURL(/\/tables\/cc_claim/);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("cc_claim");

  await page.getByRole("tab", { name: /History/ }).click();
  await expect(page).toHaveURL(/tab=history/);
  const versions = page.getByRole("table", { name: /Versions/ });
  await expect(versions.getByText("WRITE").first()).toBeVisible();

  await page.getByRole("tab", { name: /Data/ }).click();
  const sample = page.getByRole("region", { name: "Sample rows" });
  await expect(sample.getByRole("row")).toHaveCount(11);

  await page.getByRole("tab", { name: /Schema/ }).click();
  await expect(page.getByRole("cell", { name: /^id\b.*Key/ })).toBeVisible();

  await page.getByRole("tab", { name: /Runs/ }).click();
  await expect(page.getByRole("table", { name: "Runs of this table" })).toContainText("Written");
});
