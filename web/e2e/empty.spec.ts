import { expectNoFindings, expectNoSidewaysScroll, settled } from "./inspect";
import { expect, test } from "./lake";

/** A server as it is installed: nothing is connected, and one button gives something to see. */

test.describe.configure({ mode: "serial" });
test.use({ lakeOptions: { tables: 0, folders: 0, synced: false, dirt: false, bare: true } });

for (const path of ["/", "/tables", "/runs", "/sources"]) {
  test(`${path} without anything: nothing for axe to find, nothing to scroll sideways`, async ({
    page,
  }) => {
    await page.goto(path);
    await settled(page);
    await expectNoFindings(page);
    await expectNoSidewaysScroll(page);
  });
}

test("demo data comes by one button, and ends in tables with rows", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("button", { name: "Start with demo data" }).click();
  await expect(page).toHaveURL(/\/runs\/2/, { timeout: 60_000 });
  await expect(page.getByRole("progressbar").first()).toHaveAttribute("aria-valuenow", "100", {
    timeout: 60_000,
  });
  await page.goto("/tables?sort=name");
  await page.getByRole("link", { name: "cc_claim", exact: true }).click();
  await page.getByRole("tab", { name: /Data/ }).click();
  await expect(page.getByRole("region", { name: "Sample rows" }).getByRole("row")).toHaveCount(11);
});
