import type { Page } from "@playwright/test";
import { openNewestRun, settled } from "./inspect";
import { expect, test } from "./lake";

/** What one looks at is in the address: it outlives a reload, and Back and Forward find it again. */

test.use({ lakeOptions: { tables: 11, folders: 20, synced: true, dirt: true } });

type Look = (page: Page) => Promise<void>;

/** It is seen; it is seen after a reload; Back leaves it, Forward brings it again. */
async function expectKept(page: Page, look: Look): Promise<void> {
  await look(page);
  const address = page.url();
  await page.reload();
  await look(page);
  expect(page.url()).toBe(address);
  await page.getByRole("navigation", { name: "Main" }).first().getByRole("link").first().click();
  await expect(page).not.toHaveURL(address);
  await page.goBack();
  await look(page);
  expect(page.url()).toBe(address);
  await page.goBack();
  await expect(page).not.toHaveURL(address);
  await page.goForward();
  await look(page);
  expect(page.url()).toBe(address);
}

const pressed = (page: Page, name: string | RegExp) =>
  expect(page.getByRole("button", { name, pressed: true }).first()).toBeVisible();

const ADDRESSES: readonly [path: string, look: Look][] = [
  [
    "/tables?q=claim&sort=-rows&cols=rows,lag",
    async (page) => {
      await expect(page.getByRole("searchbox")).toHaveValue("claim");
      await expect(page.getByRole("columnheader", { name: /^Rows/ })).toHaveAttribute(
        "aria-sort",
        "descending",
      );
      await expect(page.getByRole("columnheader", { name: /^Size/ })).toHaveCount(0);
    },
  ],
  [
    "/tables?health=Failed",
    async (page) => {
      await expect(page.getByRole("link", { name: "cc_nothing", exact: true })).toBeVisible();
      await expect(page.getByRole("link", { name: "cc_claim", exact: true })).toHaveCount(0);
    },
  ],
  [
    "/tables?view=matrix&sort=name",
    async (page) => expect(page.locator("td[data-at]").first()).toBeVisible(),
  ],
  [
    "/tables/cc_claim?tab=history&v=0",
    async (page) => {
      await expect(page.getByRole("tab", { name: /History/ })).toHaveAttribute(
        "aria-selected",
        "true",
      );
      await expect(page.getByRole("table", { name: /Versions/ }).getByRole("row")).toHaveCount(2);
    },
  ],
  [
    "/tables/cc_claim?tab=data&cols=id,claimnumber",
    async (page) => {
      const sample = page.getByRole("region", { name: "Sample rows" });
      await expect(sample.getByRole("columnheader")).toHaveText(["id", "claimnumber"]);
    },
  ],
  [
    "/runs?state=completed_with_errors&table=cc_nothing",
    async (page) => {
      await expect(page.getByRole("link", { name: /^Run 2/ }).first()).toBeVisible();
      await expect(page.getByLabel("Has table")).toHaveValue("cc_nothing");
    },
  ],
  [
    "/compare?a=cc_claim&b=cc_exposure",
    async (page) =>
      expect(page.getByRole("table", { name: "Columns of both" })).toBeVisible({ timeout: 30_000 }),
  ],
  [
    "/sources/default?tab=objects&side=target",
    async (page) => {
      await expect(page.getByRole("tab", { name: "Objects" })).toHaveAttribute(
        "aria-selected",
        "true",
      );
      await expect(page.getByText("cc_claim").first()).toBeVisible();
    },
  ],
  ["/?days=7", async (page) => pressed(page, "7 days")],
];

for (const [path, look] of ADDRESSES) {
  test(`${path} is kept`, async ({ page }) => {
    // Somewhere else first: Back has to have a place to go to.
    await page.goto("/settings/configuration");
    await settled(page);
    await page.goto(path);
    await expectKept(page, look);
  });
}

test("what the log of a run is narrowed to is kept, and a line of it", async ({ page }) => {
  await page.goto("/settings/configuration");
  await openNewestRun(page);
  const run = new URL(page.url()).pathname;
  await page.goto(`${run}?level=error&table=cc_nothing&q=cc_nothing`);
  await expectKept(page, async (shown) => {
    await expect(shown.getByRole("log")).toContainText("cc_nothing");
    await expect(shown.getByText(/^\d+ lines? of \d/)).toBeVisible();
    await pressed(shown, "Errors");
  });
  await page.goto(`${run}#L20`);
  await expectKept(page, async (shown) => {
    await expect(shown.locator("#L20")).toBeInViewport();
  });
});
