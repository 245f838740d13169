import { expectNoFindings, expectNoSidewaysScroll, openNewestRun } from "./inspect";
import { expect, test } from "./lake";

/** A run on a real Ray of its own, as the page shows it. */

test.describe.configure({ mode: "serial" });
test.use({ lakeOptions: { tables: 3, folders: 4, synced: false, dirt: false } });

test("a run on Ray shows its cluster, and one with nothing new why it has none", async ({
  page,
  lake,
}) => {
  test.setTimeout(240_000);
  const told = await (await page.request.get("/api/config")).json();
  test.skip(!told.ray_settings.is_installed, "Ray is not installed");
  lake.sync("--runner", "ray");
  await openNewestRun(page);
  const card = page.getByRole("region", { name: "Cluster" });
  await expect(card).toContainText("1 alive");
  await expect(card).toContainText("none dead");
  await expect(card).toContainText("0 running");
  await expect(card).toContainText("Started by the run, and ended with it");
  await expect(page.getByRole("main")).toContainText("Runner");
  await expectNoFindings(page);
  await page.setViewportSize({ width: 390, height: 844 });
  await expectNoSidewaysScroll(page);

  lake.sync("--runner", "ray");
  await openNewestRun(page);
  await expect(card).toContainText("Ray was not needed");
});
