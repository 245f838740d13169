import { join } from "node:path";
import { expect, test } from "./lake";

test.use({ lakeOptions: { tables: 2, folders: 4, synced: true, dirt: false } });

test("a connection is added, tried, edited, run and removed without a restart", async ({
  page,
  lake,
}) => {
  test.setTimeout(180_000);
  const target = join(lake.home, "second");
  await page.goto("/sources");
  await page.getByRole("button", { name: "Add connection" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("second");
  await dialog.getByLabel("Source", { exact: true }).fill(lake.source);
  await dialog.getByLabel("Target", { exact: true }).fill(target);
  await dialog.getByRole("button", { name: "Review changes" }).click();
  await expect(dialog.getByRole("row", { name: /^target default/ })).toContainText(target);
  await dialog.getByRole("button", { name: "Add connection" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "second" })).toBeVisible();
  await expect(page.getByText("0 loaded")).toBeVisible();

  const card = page.getByRole("region", { name: "Test connection" });
  await card.getByRole("button", { name: "Test connection" }).click();
  await expect(card.getByRole("status")).toContainText("Everything works");
  await expect(card.getByRole("status")).toContainText("nothing was written");

  await page.getByRole("button", { name: "Edit" }).click();
  await dialog.getByText("Options").click();
  await dialog.getByLabel("Workers").fill("2");
  await dialog.getByRole("button", { name: "Review changes" }).click();
  await expect(dialog.getByRole("row", { name: "workers default 2" })).toBeVisible();
  await dialog.getByRole("button", { name: "Save changes" }).click();
  await expect(dialog).toBeHidden();

  await page.getByRole("tab", { name: "Manifest" }).click();
  await expect(page.getByText(/^2 entries, read/)).toBeVisible();
  await page.getByRole("tab", { name: "Objects" }).click();
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download manifest.json" }).click();
  expect((await download).suggestedFilename()).toBe("manifest.json");

  const started = await page.request.post("/api/guidewire/jobs/start", {
    data: { config: { connection: "second" } },
  });
  expect(started.status()).toBe(201);
  await page.getByRole("tab", { name: "Overview" }).click();
  await expect(page.getByText("2 loaded")).toBeVisible({ timeout: 90_000 });

  await page.getByRole("button", { name: "Remove" }).click();
  await expect(dialog.getByText("2 tables stay in")).toBeVisible();
  await dialog.getByRole("button", { name: "Remove connection" }).click();
  await expect(page.getByRole("article", { name: "second" })).toHaveCount(0);
  await expect(page.getByRole("article", { name: "default" })).toBeVisible();
});

test("a connection of the page is there again after a restart", async ({ page, lake }) => {
  await page.goto("/sources");
  const made = await page.request.post("/api/connections", {
    data: { name: "kept", values: { source: lake.source, target: join(lake.home, "kept") } },
  });
  expect(made.status()).toBe(201);
  await lake.stop();
  await lake.start();
  await page.goto("/sources/kept");
  await expect(page.getByRole("heading", { level: 1, name: "kept" })).toBeVisible();
});
