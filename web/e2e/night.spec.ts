import type { Page } from "@playwright/test";
import { expect, test } from "./lake";
import { held } from "./slow-run";

/** Three in the morning: what failed, why, and once more. By thumb in the dark, and by keys. */

test.use({ lakeOptions: { tables: 11, folders: 30, synced: true, dirt: true } });

test.describe("on a phone in the dark", () => {
  test.use({ viewport: { width: 390, height: 844 }, colorScheme: "dark", hasTouch: true });

  test("from the overview to the failed table, its error, and a retry", async ({ page }) => {
    await page.goto("/");
    await expect(page.getByRole("heading", { level: 1 })).toContainText("failed");
    const attention = page.getByRole("region", { name: "Needs attention" });
    await attention.getByRole("link", { name: "cc_nothing" }).tap();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("cc_nothing");
    await expect(page.getByText("SOURCE_EMPTY").first()).toBeVisible();
    await page.getByRole("link", { name: "Open run" }).tap();
    await expect(page.getByText("What happened").first()).toBeVisible();
    await expect(page.getByText("How to fix").first()).toBeVisible();
    await page.getByRole("button", { name: /^Retry \d+ failed$/ }).tap();
    await expect(page.getByText("attempt 2", { exact: true })).toBeVisible({ timeout: 30_000 });
    const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const [red = 255] = (ground.match(/\d+/g) ?? []).map(Number);
    expect(red, ground).toBeLessThan(60);
  });
});

/** Tab on, or back, until the element has the focus, as somebody without a mouse would. */
async function tabTo(
  page: Page,
  name: string | RegExp,
  role: "button" | "link",
  key: "Tab" | "Shift+Tab" = "Tab",
): Promise<void> {
  const wanted = page.getByRole(role, { name }).first();
  await expect(wanted).toBeVisible();
  for (let step = 0; step < 80; step += 1) {
    await page.keyboard.press(key);
    if (await wanted.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`Tab does not reach ${name}.`);
}

test("keys alone: to a failed table, its error, a retry, a new run, and its end", async ({
  page,
  lake,
}) => {
  await page.goto("/");
  await page.getByRole("heading", { level: 1 }).waitFor();
  await tabTo(page, "cc_nothing", "link");
  await page.keyboard.press("Enter");
  await expect(page.getByText("SOURCE_EMPTY").first()).toBeVisible();
  await tabTo(page, "Open run", "link");
  await page.keyboard.press("Enter");
  await expect(page.getByText("How to fix").first()).toBeVisible();
  await tabTo(page, /^Retry \d+ failed$/, "button");
  await page.keyboard.press("Enter");
  const badge = page.getByRole("main").getByText("With errors").first();
  await expect(page.getByText(/attempt [2-9]/).first()).toBeVisible({ timeout: 30_000 });
  await expect(badge).toBeVisible({ timeout: 30_000 });

  lake.cli("sample", lake.source, "--extra-folders", "60");
  await tabTo(page, "Run now", "button", "Shift+Tab");
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: /^Start run/ }).waitFor();
  // One table, one folder at a time: there is time to cancel it.
  for (const option of [/^Several tables/, /^One version per/]) {
    const flip = dialog.getByRole("switch", { name: option });
    for (let step = 0; step < 20; step += 1) {
      if (await flip.evaluate((element) => element === document.activeElement)) break;
      await page.keyboard.press("Tab");
    }
    await page.keyboard.press("Space");
  }
  await expect(dialog.getByRole("switch", { name: /^One version per/ })).toBeChecked();
  const old = page.url();
  await page.keyboard.press("Control+Enter");
  await expect(page).not.toHaveURL(old);
  await expect(page.getByRole("log")).toContainText("INFO");
  // However long keys take to get there, the run is still there to be cancelled.
  await held(lake, new URL(page.url()).pathname, async () => {
    await tabTo(page, "Cancel run", "button");
    await page.keyboard.press("Enter");
    await expect(dialog.getByRole("button", { name: "Keep running" })).toBeFocused();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await expect(dialog).toBeHidden();
  });
  await expect(page.getByRole("main").getByText("Cancelled").first()).toBeVisible();
});
