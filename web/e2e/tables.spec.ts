import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { findings } from "./inspect";
import { expect, test } from "./lake";

/** Many tables on one page: found, filtered, chosen, run, exported, compared. */

test.use({ lakeOptions: { tables: 24, folders: 8, synced: true, dirt: true } });

const rows = (page: Page) => page.locator("tbody tr[data-row]");

test("a table is found by a column, by a slip, and by facets; the address holds it all", async ({
  page,
}) => {
  await page.goto("/tables");
  await page.getByRole("searchbox").fill("column:claimnumber");
  await expect(page.getByRole("link", { name: "cc_claim", exact: true })).toBeVisible();
  await expect(page.getByText("claimnumber").first()).toBeVisible();
  await page.getByRole("searchbox").fill("exposrue");
  await expect(page.getByText(/These come near/)).toBeVisible();
  await expect(page.getByRole("link", { name: "cc_exposure", exact: true })).toBeVisible();
  await page.getByRole("searchbox").fill("");
  const filters = page.getByRole("group", { name: "Filters" });
  await filters.getByRole("button", { name: "App", exact: true }).click();
  await page.getByRole("checkbox", { name: /^ClaimCenter/ }).check();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Has column" }).click();
  await page.getByLabel("Column name").fill("claimid");
  const answered = page.waitForResponse(/\/api\/tables\?.*column=claimid/);
  await page.getByRole("button", { name: /^claimid/ }).click();
  await expect(page).toHaveURL(/app=ClaimCenter&has=claimid/);
  const shown = (await (await answered).json()).total;
  expect(shown).toBeGreaterThan(0);
  await expect(rows(page)).toHaveCount(shown);
  await page.reload();
  await expect(rows(page)).toHaveCount(shown);
  await expect(page.getByText(new RegExp(`^${shown} of \\d+ tables$`))).toBeVisible();
});

test("by keyboard alone rows are walked, ticked and opened", async ({ page }) => {
  await page.goto("/tables?sort=name");
  await expect(rows(page).first()).toBeVisible();
  await page.keyboard.press("j");
  await page.keyboard.press("x");
  await page.keyboard.press("j");
  await page.keyboard.press("x");
  await expect(page.getByText("2 selected")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByText("2 selected")).toBeHidden();
  const name = await page.evaluate(() => document.activeElement?.textContent?.trim());
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`/tables/${name}`));
});

test("Shift ticks a range, and exactly those tables are run", async ({ page }) => {
  await page.goto("/tables?sort=name&q=name:pc_");
  await rows(page).nth(0).getByRole("checkbox").click();
  await rows(page)
    .nth(2)
    .getByRole("checkbox")
    .click({ modifiers: ["Shift"] });
  await expect(page.getByText("3 selected")).toBeVisible();
  const started = page.waitForResponse((answer) => answer.url().endsWith("/api/tables/_run"));
  await page.getByRole("button", { name: "Run", exact: true }).click();
  const { runs, items } = await (await started).json();
  expect(items).toHaveLength(3);
  await page.goto(`/runs/${runs[0].run_id}`);
  await expect(page.getByText("3 of 3").or(page.getByText("3 tables")).first()).toBeVisible();
});

test("all that match are chosen at once; a table without a source is named", async ({ page }) => {
  await page.goto("/tables?sort=name");
  await rows(page).nth(0).getByRole("checkbox").click();
  await page.getByRole("button", { name: /^Select all \d+ matching$/ }).click();
  await rows(page).nth(0).getByRole("checkbox").click();
  await page.getByRole("button", { name: "Retry failed" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("left out");
  await expect(dialog).toContainText("NOTHING_TO_RETRY");
  expect(await findings(page)).toEqual([]);
});

test("a file holds exactly what is filtered, sorted and shown", async ({ page }) => {
  await page.goto("/tables?app=ClaimCenter&sort=-name&cols=rows");
  await expect(rows(page).first()).toBeVisible();
  const expected = await rows(page).getByRole("link").allTextContents();
  await page.getByRole("button", { name: "Export" }).click();
  const saved = page.waitForEvent("download");
  await page.getByRole("link", { name: "As CSV, the columns shown" }).click();
  const file = await saved;
  expect(file.suggestedFilename()).toMatch(/^tables-\d{8}-\d{6}\.csv$/);
  const lines = readFileSync(await file.path(), "utf8")
    .trim()
    .split("\r\n");
  expect(lines[0]).toBe("name,connection,path,row_count");
  expect(lines.slice(1).map((line) => line.split(",")[0])).toEqual(expected);
});

test("a view is kept by the browser, its link by whoever gets it", async ({ page }) => {
  await page.goto("/tables?health=Failed&cols=rows,lag");
  await page.getByRole("button", { name: "Views" }).click();
  await page.getByLabel("Save what you see as").fill("On call");
  await page.getByRole("button", { name: "Save view" }).click();
  await page.goto("/tables");
  await page.getByRole("button", { name: "Views" }).click();
  await page.getByRole("link", { name: "On call" }).click();
  await expect(page).toHaveURL(/health=Failed&cols=rows,lag/);
});

test("the matrix is walked by arrows and leads to the table in its run", async ({ page }) => {
  await page.goto("/tables?view=matrix&sort=name");
  const first = page.locator("td[data-at] a").first();
  await first.focus();
  await page.keyboard.press("ArrowDown");
  const said = await page.evaluate(() => document.activeElement?.getAttribute("aria-label"));
  expect(said).toMatch(/ in run .*: (Written|No change|Failed|Partial|Skipped)/);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/runs\/.*\?table=/);
});

test("two tables are put side by side", async ({ page }) => {
  await page.goto("/tables?q=name:cc_&sort=name");
  await page.getByRole("checkbox", { name: "Select cc_claim", exact: true }).click();
  await page.getByRole("checkbox", { name: "Select cc_exposure", exact: true }).click();
  await page.getByRole("link", { name: "Compare" }).click();
  await expect(page.getByRole("table", { name: "Columns of both" })).toBeVisible();
  await expect(page.getByText("Removed").first()).toBeVisible();
  await page.getByLabel("Second table").fill("cc_claim");
  await expect(page.getByText("No difference")).toBeVisible();
});
