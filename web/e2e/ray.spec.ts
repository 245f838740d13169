import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expectNoFindings, expectNoSidewaysScroll, openNewestRun } from "./inspect";
import { expect, type Lake, test } from "./lake";

/** A run by the runner `ray`. Starting Ray takes half a minute: `tests/runners` does it. */

test.use({ lakeOptions: { tables: 3, folders: 4, synced: true, dirt: false } });

const node = { name: "10.0.0.6 (a1b2c3)", is_alive: true, cpus: 4 };
const CLUSTER = {
  address: "10.0.0.5:6379",
  told_at: "2026-11-26T18:00:00.000Z",
  nodes: [
    { ...node, memory_used: 3 * 1024 ** 3, memory_total: 8 * 1024 ** 3 },
    { ...node, name: "10.0.0.7 (d4e5f6)", is_alive: false, memory_used: null, memory_total: null },
  ],
  cpus: 4,
  cpus_used: 3,
  tasks_running: 3,
  tasks_pending: 12,
};

/** Let the newest run have told of a cluster, as one that works on Ray does. */
function tellOfCluster(lake: Lake): void {
  const runs = join(lake.home, "home", "runs");
  const newest = readdirSync(runs).sort().at(-1) ?? "";
  const state = join(runs, newest, "state.json");
  const told = JSON.parse(readFileSync(state, "utf8"));
  writeFileSync(state, JSON.stringify({ ...told, cluster: CLUSTER }));
}

test("a run on Ray shows its cluster, and one with nothing new why it has none", async ({
  page,
  lake,
}) => {
  const told = await (await page.request.get("/api/config")).json();
  test.skip(!told.ray_settings.is_installed, "Ray is not installed");
  lake.sync("--runner", "ray");
  await openNewestRun(page);
  const card = page.getByRole("region", { name: "Cluster" });
  await expect(card).toContainText("Ray was not needed");

  tellOfCluster(lake);
  await page.reload();
  await expect(card).toContainText("1 was alive");
  await expect(card).toContainText("1 was dead");
  await expect(card).toContainText("3 of 4");
  await expect(card).toContainText("12 were pending");
  await expect(card).toContainText("At 10.0.0.5:6379");
  await expectNoFindings(page);
  await card.screenshot({ path: test.info().outputPath("cluster.png") });
  await page.setViewportSize({ width: 390, height: 844 });
  await expectNoSidewaysScroll(page);
  await card.screenshot({ path: test.info().outputPath("cluster-phone.png") });
});
