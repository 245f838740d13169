import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expectNoFindings } from "./inspect";
import { expect, type Lake, test } from "./lake";

/** One table's page, and the overview's sentence about it, over a real server and real files. */

test.describe.configure({ mode: "serial" });
test.use({ lakeOptions: { tables: 6, folders: 8, synced: true, dirt: false } });

const HOUR = 3_600_000;

/** The manifest vouches for a later moment; no folder comes with it. */
function putManifestAhead(lake: Lake, table: string, hours: number): void {
  const path = join(lake.source, "manifest.json");
  const manifest = JSON.parse(readFileSync(path, "utf8"));
  const entry = manifest[table];
  const later = Number(entry.lastSuccessfulWriteTimestamp) + hours * HOUR;
  manifest[table] = { ...entry, lastSuccessfulWriteTimestamp: String(later) };
  writeFileSync(path, JSON.stringify(manifest));
}

test("a manifest time ahead of the newest folder is caught up, not late", async ({
  page,
  lake,
}) => {
  putManifestAhead(lake, "cc_claim", 30);
  lake.sync("--table", "cc_claim");
  await page.goto("/tables/cc_claim");
  await page.request.post("/api/tables/refresh", { data: {} });
  const facts = page.getByRole("main");
  await expect(facts.getByText(/^Caught up; nothing new since/)).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole("region", { name: "Manifest and watermark" })).toContainText(
    "PendingCaught up",
  );
  // It moves on once more, and nobody runs anything: the server has counted that nothing waits.
  putManifestAhead(lake, "cc_claim", 5);
  await page.request.post("/api/tables/refresh", { data: {} });
  await page.goto("/");
  const title = page.getByRole("heading", { level: 1 });
  await expect(title).toHaveText("No table failed or is late; 6 quiet, of 6");
  const late = await page.request.get("/api/tables?health=Late");
  expect((await late.json()).total).toBe(0);
});

test("a version's figures open beside it, on a phone too", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto("/tables/cc_claim?tab=history");
  await page
    .getByRole("button", { name: /^Figures of version/ })
    .first()
    .click();
  const figures = page.getByRole("dialog", { name: /^Figures of version/ });
  await expect(figures).toContainText(/numOutputRows\d/);
  await expectNoFindings(page);
  await page.keyboard.press("Escape");
  await expect(figures).toBeHidden();
});

test("folders that wait are told in numbers, and Run brings them", async ({ page, lake }) => {
  lake.cli("sample", lake.source, "--extra-folders", "2");
  putManifestAhead(lake, "cc_exposure", 30);
  await page.goto("/tables/cc_exposure");
  await page.request.post("/api/tables/refresh", { data: {} });
  const panel = page.getByRole("region", { name: "Manifest and watermark" });
  await expect(panel).toContainText(/Pending\d+ folders?\d+ files?, .*counted/, {
    timeout: 30_000,
  });
  await page.goto("/");
  const row = page
    .getByRole("region", { name: "Needs attention" })
    .getByRole("listitem")
    .filter({ hasText: "cc_exposure" });
  await expect(row).toContainText(/behind, \d+ folders? pending/);
  await row.getByRole("button", { name: "Run cc_exposure" }).click();
  await expect(row).toBeHidden({ timeout: 60_000 });
});

test("the health says its sum on focus", async ({ page }) => {
  await page.goto("/tables/cc_claim");
  const badge = page.getByRole("main").locator("[data-tip^='caught up']").first();
  await badge.focus();
  await expect(page.locator(".bg-tip")).toContainText("caught up");
});

test("history jumps to a version, and the address says so", async ({ page }) => {
  await page.goto("/tables/cc_claim?tab=history");
  await page.getByLabel("Jump to version or date").fill("0");
  await page.getByLabel("Jump to version or date").press("Enter");
  await expect(page).toHaveURL(/v=0/);
  const rows = page.getByRole("table", { name: /Versions/ }).getByRole("row");
  await expect(rows).toHaveCount(2);
  await page.getByRole("button", { name: "Newest" }).click();
  await expect(page).not.toHaveURL(/v=0/);
});

test("a sample shows the columns that were picked", async ({ page }) => {
  await page.goto("/tables/cc_claim?tab=data&cols=id,claimnumber");
  const head = page.getByRole("region", { name: "Sample rows" }).getByRole("columnheader");
  await expect(head).toHaveText(["id", "claimnumber"]);
  await page.getByRole("button", { name: /^2 of/ }).click();
  await page.getByRole("dialog").getByRole("checkbox", { name: "lossdate" }).check();
  await expect(head).toHaveText(["id", "claimnumber", "lossdate"]);
  await expect(page).toHaveURL(/cols=id,claimnumber,lossdate/);
});

test("trends are below the first screen and keep their period in the address", async ({ page }) => {
  await page.goto("/");
  const trends = page.getByRole("region", { name: "Trends" });
  await trends.getByRole("button", { name: "7 days" }).click();
  await expect(page).toHaveURL(/days=7/);
  await expect(trends.getByLabel("The last 7 days")).toContainText("Success rate");
  const top = await trends.evaluate((element) => element.getBoundingClientRect().top + scrollY);
  expect(top).toBeGreaterThan(700);
});

test("the data is seen raw, as it is now and through time, and one id is looked up", async ({
  page,
  lake,
}) => {
  lake.sync("--table", "cc_contact", "--current");
  await page.goto("/tables/cc_contact?tab=data");
  const rows = page.getByRole("region", { name: "Sample rows" });
  await expect(rows).toBeVisible();
  await page.getByRole("button", { name: "Current", exact: true }).click();
  await expect(page.getByText(/of the current table/)).toBeVisible();
  const id = await rows.locator("tbody tr td").first().innerText();
  await page.getByRole("button", { name: "History", exact: true }).click();
  await page.getByLabel("id", { exact: true }).fill(id);
  await page.getByRole("button", { name: "Look up" }).click();
  await expect(page).toHaveURL(/view=history/);
  await expect(rows.getByRole("columnheader").first()).toHaveText("valid_from");
  await expect(rows.getByRole("cell", { name: "true" }).first()).toBeVisible();
  await expectNoFindings(page);
  await page.setViewportSize({ width: 390, height: 844 });
  await expect(page.getByRole("group", { name: "View" })).toBeVisible();
  await expectNoFindings(page);
  await page.goto("/tables/cc_claim?tab=data&view=current");
  await expect(page.getByText("No current table")).toBeVisible();
});
