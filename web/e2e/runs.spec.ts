import { expect, test } from "./lake";

/** Before a run: what the start dialog tries, over a lake that nobody has loaded yet. */

test.use({ lakeOptions: { tables: 11, folders: 20, synced: false, dirt: true } });

test("before a run the dialog says what it saw, and leaves nothing behind", async ({ page }) => {
  await page.goto("/runs");
  await page.getByRole("button", { name: "Run now" }).first().click();
  const steps = page.getByRole("region", { name: "Preflight" });
  await expect(steps).toContainText("The manifest names");
  await expect(steps).toContainText("the first run makes the folder");
  await expect(steps).toContainText("nothing was written");
  await page.keyboard.press("Escape");
  await expect(page.getByText("No runs yet")).toBeVisible();
});
