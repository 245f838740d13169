import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "@playwright/test";
import { expectNoFindings, expectNoSidewaysScroll } from "./inspect";
import { expect, type Lake, test } from "./lake";

/** What others do to a table, found, looked at and put right from its page, over real files. */

test.describe.configure({ mode: "serial" });
test.use({ lakeOptions: { tables: 6, folders: 3, synced: true, dirt: false } });

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const SLOW = { timeout: 60_000 };

/** As a colleague would, with another engine. */
function restore(lake: Lake, table: string, version: number): void {
  const code = `from deltalake import DeltaTable; DeltaTable(r"${join(lake.target, table)}").restore(${version})`;
  execFileSync("uv", ["run", "--no-sync", "python", "-c", code], { cwd: ROOT });
}

const more = (lake: Lake) => lake.cli("sample", lake.source, "--extra-folders", "8");

const parquet = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".parquet"))
    .map((name) => join(folder, name));

const lookAgain = (page: Page) => page.request.post("/api/tables/refresh", { data: {} });

/** The page has led to the run of a choice; it ends so. */
async function ended(page: Page, what: string, state: string): Promise<void> {
  await expect(page).toHaveURL(/\/runs\/\d+/);
  await expect(page.getByRole("main").getByText(what, { exact: true }).first()).toBeVisible();
  await expect(page.getByRole("main").getByText(state, { exact: true }).first()).toBeVisible(SLOW);
}

test("a colleague's RESTORE is shown, looked at, and put right by a re-sync", async ({
  page,
  lake,
}) => {
  const known = lake.cli("tables", lake.target, "--json");
  more(lake);
  lake.sync();
  restore(lake, "cc_claim", 0);
  more(lake);
  lake.sync("--table", "cc_claim");
  const mark: number = JSON.parse(known).tables.find(
    (each: { table: string }) => each.table === "cc_claim",
  ).watermark;

  await page.goto("/");
  await lookAgain(page);
  const row = page
    .getByRole("region", { name: "Needs attention" })
    .getByRole("listitem")
    .filter({ hasText: "cc_claim" });
  await row.getByRole("link", { name: "Choose cc_claim" }).click(SLOW);
  const card = page.getByRole("region", { name: "Somebody else changed this table" });
  await expect(card).toContainText("CHANGED_OUTSIDE");
  await expectNoFindings(page);

  await card.getByRole("button", { name: "Re-sync from…" }).click();
  const dialog = page.getByRole("dialog", { name: /^Re-sync from a time on/ });
  await dialog.getByRole("textbox", { name: "Read again from" }).fill(String(mark + 1));
  await expect(dialog.getByText(/^\d+ files?, .* of \d+ folders?/)).toBeVisible(SLOW);
  await dialog.getByText("Files read").click();
  await expectNoFindings(page);
  await expectNoSidewaysScroll(page);
  await dialog.getByRole("button", { name: "Re-sync", exact: true }).click();
  await ended(page, "Re-sync", "Completed");
  await page.goto("/tables/cc_claim");
  await expect(card).toBeHidden(SLOW);
  const health = page.getByRole("main").getByText(/^(Healthy|Quiet)$/);
  await expect(health.first()).toBeVisible(SLOW);
});

test("a file that cannot be read is set aside, flagged, and released", async ({ page, lake }) => {
  const folder = join(lake.source, "cc_exposure");
  const before = new Set(parquet(folder));
  more(lake);
  const bad = parquet(folder).find((path) => !before.has(path)) as string;
  const whole = readFileSync(bad);
  writeFileSync(bad, "PAR1 this is no parquet PAR1");
  lake.sync("--table", "cc_exposure");

  await page.goto("/tables/cc_exposure");
  await lookAgain(page);
  const card = page.getByRole("region", { name: "A file of the export cannot be read" });
  await card.getByRole("button", { name: "Set file aside" }).click(SLOW);
  const dialog = page.getByRole("dialog", { name: /^Set the file aside/ });
  await expect(dialog.getByText("none, the table's data stays as it is")).toBeVisible(SLOW);
  await dialog.getByRole("button", { name: "Set file aside" }).click();
  await ended(page, "Set aside", "Completed");

  await page.goto("/tables/cc_exposure");
  await expect(page.getByText("1 file set aside")).toBeVisible(SLOW);
  const aside = page.getByRole("region", { name: "1 file in quarantine" });
  await expect(card).toBeHidden(SLOW);
  await expectNoFindings(page);
  writeFileSync(bad, whole);
  await aside.getByRole("button", { name: /^Release/ }).click();
  const release = page.getByRole("dialog", { name: /^Release from quarantine/ });
  await release.getByRole("button", { name: "Release" }).click(SLOW);
  await ended(page, "Release", "Completed");
  await page.goto("/tables/cc_exposure");
  await expect(aside).toBeHidden(SLOW);
});

test("a verification finds a copy that is gone, and a repair brings it", async ({ page, lake }) => {
  const [copy] = parquet(join(lake.target, "pc_address"));
  rmSync(copy as string);
  await page.goto("/tables/pc_address");
  const card = page.getByRole("region", { name: "Reconciliation" });
  await expect(card).toContainText("Not verified yet");
  await card.getByRole("button", { name: "Verify now" }).click();
  await ended(page, "Verify", "With errors");
  await page.getByRole("link", { name: "pc_address" }).first().click();
  const hold = page.getByRole("region", { name: "Files of this table are gone" });
  await expect(hold).toBeVisible(SLOW);
  await expect(card).toContainText("Gone from its folder1");
  await hold.getByRole("button", { name: "Repair" }).click();
  const dialog = page.getByRole("dialog", { name: /^Repair what is missing/ });
  await expect(dialog.getByText(/^1 file, /).first()).toBeVisible(SLOW);
  await dialog.getByRole("button", { name: "Repair" }).click();
  await ended(page, "Repair", "Completed");
  await page.goto("/tables/pc_address");
  await expect(hold).toBeHidden(SLOW);
});
