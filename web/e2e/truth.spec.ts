import { renameSync } from "node:fs";
import { expect, test } from "./lake";

/** The page says what is so, also when it was not the page that did it, and when it cannot know. */

test.describe.configure({ mode: "serial" });
test.use({ lakeOptions: { tables: 11, folders: 10, synced: true, dirt: true } });

test("a run from the command line appears without a reload", async ({ page, lake }) => {
  await page.goto("/runs");
  const rows = page.getByRole("table", { name: /Runs, newest first/ }).getByRole("row");
  await expect(rows).toHaveCount(2);
  lake.sync("--table", "cc_claim");
  await expect(rows).toHaveCount(3);
  await expect(rows.nth(1)).toContainText("cc_claim");
});

test("a failed table says what, how to fix it, and is retried by one button", async ({ page }) => {
  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1 })).toContainText("failed");
  const attention = page.getByRole("region", { name: "Needs attention" });
  await attention.getByRole("link", { name: "cc_nothing" }).click();
  await expect(page.getByText("SOURCE_EMPTY").first()).toBeVisible();
  await page.getByRole("link", { name: "Open run" }).click();
  await expect(page.getByText("How to fix").first()).toBeVisible();
  await page.getByRole("main").getByRole("button", { name: "Retry", exact: true }).first().click();
  await expect(page.getByText("attempt 2", { exact: true })).toBeVisible({ timeout: 30_000 });
});

test("a source that is gone is told, and never 'no tables'", async ({ page, lake }) => {
  await page.goto("/tables");
  await expect(page.getByRole("link", { name: "cc_claim", exact: true })).toBeVisible();
  renameSync(lake.source, `${lake.source}-gone`);
  await page.getByRole("button", { name: "Look again" }).click();
  await expect(page.getByRole("alert")).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole("link", { name: "cc_claim", exact: true })).toBeVisible();
  await expect(page.getByText("No tables yet")).toBeHidden();
  renameSync(`${lake.source}-gone`, lake.source);
  await page.getByRole("button", { name: "Look again" }).click();
  await expect(page.getByRole("alert")).toBeHidden({ timeout: 30_000 });
});
