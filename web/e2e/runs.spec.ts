import type { Locator, Page } from "@playwright/test";
import { expectNoFindings, expectNoSidewaysScroll, openNewestRun } from "./inspect";
import { expect, test } from "./lake";
import { cancel, held, startSlowRun } from "./slow-run";

/** Runs: looked at before, watched by two at once, cancelled, retried, searched. */

test.describe.configure({ mode: "serial" });
test.use({ lakeOptions: { tables: 11, folders: 40, synced: false, dirt: true } });

const WITH_ERRORS = "?state=completed_with_errors";
const main = (page: Page): Locator => page.getByRole("main");

async function start(page: Page): Promise<string> {
  await page.goto("/runs");
  return startSlowRun(page);
}

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

test("two browsers watch one run; what one cancels, the other sees", async ({
  page,
  browser,
  lake,
}) => {
  const path = await start(page);
  const other = await browser.newContext({ baseURL: new URL(page.url()).origin });
  const second = await other.newPage();
  await second.goto(path);
  await expect(second.getByRole("log")).toContainText("INFO");
  const dialog = page.getByRole("dialog");
  await held(lake, path, async () => {
    await page.getByRole("button", { name: "Cancel run" }).click();
    await expect(dialog).toContainText("not started");
    await expectNoFindings(page);
    await expectNoSidewaysScroll(page);
    await dialog.getByRole("button", { name: "Cancel run" }).click();
    await expect(dialog).toBeHidden();
  });
  for (const each of [page, second]) {
    await expect(main(each).getByText("Cancelled").first()).toBeVisible();
    await expect(main(each).getByText(/committed something, kept\..*not started/)).toBeVisible();
  }
  await other.close();
});

test("a second run of the same tables waits, and names the run it waits for", async ({
  page,
  lake,
}) => {
  const first = await start(page);
  const id = first.split("/").at(-1) ?? "";
  // The first one is held still, or a fast machine ends it before the second one is started.
  await held(lake, first, async () => {
    const second = await start(page);
    expect(second).not.toBe(first);
    await expect(main(page).getByText(`Waits for run ${id}`)).toBeVisible();
    // It is looked at rather than waited for: the first one is let go on.
    await cancel(page);
    await expect(main(page).getByText("Cancelled").first()).toBeVisible();
  });
  await page.goto(first);
  await expect(main(page).getByText("With errors").first()).toBeVisible({ timeout: 90_000 });
});

test("what failed is retried, and only that; its lines are told apart", async ({ page }) => {
  await openNewestRun(page, WITH_ERRORS);
  await expect(page.getByRole("region", { name: /did not end well/ })).toBeVisible();
  await page.getByRole("button", { name: /^Retry \d+ failed/ }).click();
  await expect(page.getByText("attempt 2", { exact: true })).toBeVisible({ timeout: 30_000 });
  await expect(main(page).getByText("With errors").first()).toBeVisible({ timeout: 60_000 });
  await page.getByRole("button", { name: "Attempt 2" }).click();
  await expect(page).toHaveURL(/attempt=2/);
  const log = page.getByRole("log");
  await expect(log).not.toContainText("11 tables, from");
  await expect(log).toContainText(/\d+ tables, from/);
  const part = page.getByRole("group", { name: "Time line of tables" });
  await expect(part.getByText("Failed").first()).toBeVisible();
});

test("Ctrl F searches every line, and a link to a line opens there", async ({ page }) => {
  await openNewestRun(page, WITH_ERRORS);
  await page.keyboard.press("Control+f");
  await page.keyboard.type("version 0");
  await expect(page.getByText(/^1\/\d/)).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page.getByText(/^2\/\d/)).toBeVisible();
  await expect(page).toHaveURL(/q=version/);
  const file = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download the whole log" }).click();
  expect((await file).suggestedFilename()).toMatch(/^run-2.*\.log$/);
  const address = new URL(page.url());
  await page.goto(`${address.pathname}#L40`);
  await expect(page.locator("#L40")).toBeInViewport();
});

test("a stretch of time drawn over the time line narrows the log", async ({ page }) => {
  await openNewestRun(page, WITH_ERRORS);
  const axis = page.locator("svg.cursor-col-resize");
  const box = await axis.boundingBox();
  if (!box) throw new Error("the time line has no axis");
  await page.mouse.move(box.x + box.width * 0.4, box.y + 10);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.6, box.y + 10, { steps: 4 });
  await page.mouse.up();
  await expect(page).toHaveURL(/from=.*to=/);
  await expect(page.getByText(/lines? of \d/)).toBeVisible();
  await page.getByRole("button", { name: /Show the whole time/ }).click();
  await expect(page).not.toHaveURL(/from=/);
});

test("keys walk the lanes", async ({ page }) => {
  await openNewestRun(page, WITH_ERRORS);
  const lanes = page.getByRole("group", { name: "Time line of tables" });
  await lanes.getByRole("img").first().focus();
  await page.keyboard.press("ArrowDown");
  await expect(lanes.getByRole("img").nth(1)).toBeFocused();
  await expect(page.getByRole("region", { name: /^Phases of/ })).toBeVisible();
});

test("paused runs wait, say for whom, and begin when they are resumed", async ({ page }) => {
  await page.goto("/runs");
  await page.getByRole("button", { name: "Pause runs" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Pause runs" }).click();
  const banner = page.getByText("none begins before they are resumed");
  await expect(banner).toBeVisible();
  await expectNoFindings(page);
  await expectNoSidewaysScroll(page);
  await start(page);
  await expect(main(page).getByText(/Waits because .* paused the runs/)).toBeVisible();
  await page.getByRole("button", { name: "Resume" }).click();
  await expect(banner).toBeHidden();
  await expect(page.getByRole("log")).toContainText("INFO");
});
