import type { Page } from "@playwright/test";
import { opens } from "./inspect";
import { expect, test } from "./lake";

/** What stands around every page: search, keys, zone, theme, navigation. No mouse is needed. */

test.use({ lakeOptions: { tables: 11, folders: 10, synced: true, dirt: true } });

const field = (page: Page) => page.getByRole("dialog").getByRole("combobox");

test("a table is found from anywhere in under ten seconds, also with a slip", async ({ page }) => {
  await page.goto("/runs");
  const began = Date.now();
  await opens(page, "Control+k");
  await page.keyboard.type("cc_clam");
  const palette = page.getByRole("dialog", { name: /Search tables/ });
  await expect(palette.getByRole("option", { name: /cc_claim/ })).toHaveAttribute(
    "aria-selected",
    "true",
  );
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("cc_claim");
  expect(Date.now() - began).toBeLessThan(10_000);
  await opens(page, "Meta+k");
  await expect(palette.getByRole("option", { name: /cc_claim/ })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(palette).toBeHidden();
});

test("columns, runs, pages and actions are found too", async ({ page }) => {
  await page.goto("/");
  const option = (name: string | RegExp) => page.getByRole("option", { name });
  await opens(page, "Control+k");
  await page.keyboard.type("policyid");
  await expect(option(/^policyid/i).first()).toBeVisible();
  await field(page).fill("with errors");
  await option(/^Run /).first().click();
  await expect(page).toHaveURL(/\/runs\/.+/);
  await opens(page, "Control+k");
  await field(page).fill("Tables");
  await option(/^Tables$/).click();
  await expect(page).toHaveURL(/\/tables$/);
  await opens(page, "Control+k");
  await field(page).fill("theme: dark");
  await page.keyboard.press("Enter");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await expect(page.getByLabel("Theme")).toHaveValue("dark");
});

test("the palette gives the focus back, and tells what it found", async ({ page }) => {
  await page.goto("/");
  const search = page.getByRole("banner").getByRole("button", { name: /^Search tables/ });
  await search.focus();
  await page.keyboard.press("Enter");
  await expect(field(page)).toBeFocused();
  await page.keyboard.type("zzzzzz");
  await expect(page.getByText("No table has “zzzzzz” in its name or columns.")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(search).toBeFocused();
});

test("keys go places, a sheet lists them, and none fires while one types", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("heading", { level: 1 }).waitFor();
  // The frame that hears keys comes after the first content.
  await expect(async () => {
    await page.keyboard.press("g");
    await page.keyboard.press("t");
    await expect(page).toHaveURL(/\/tables$/, { timeout: 1000 });
  }).toPass();
  await expect(page.getByRole("heading", { level: 1, name: "Tables" })).toBeFocused();
  await opens(page, "?");
  const sheet = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await expect(sheet).toContainText("Next table");
  await page.keyboard.press("Escape");
  // The sheet gives the focus back a moment after it is gone.
  await expect(page.getByRole("heading", { level: 1, name: "Tables" })).toBeFocused();
  await page.keyboard.press("/");
  await expect(page.getByRole("searchbox")).toBeFocused();
  await page.keyboard.type("gr?n");
  await expect(page.getByRole("searchbox")).toHaveValue("gr?n");
  await expect(page).toHaveURL(/\/tables/);
  await expect(sheet).toBeHidden();
});

test("single keys can be turned off, and stay off", async ({ page }) => {
  await page.goto("/");
  await opens(page, "?");
  await page.getByRole("switch", { name: "Single keys are on" }).click();
  await page.reload();
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("t");
  await opens(page, "Control+k");
  await expect(field(page)).toBeFocused();
  await expect(page).toHaveURL(/\/$/);
});

test("any zone of the world is chosen, printed and kept", async ({ page }) => {
  await page.goto("/runs");
  const zone = page.getByRole("banner").getByLabel("Time zone");
  await zone.selectOption("other");
  await field(page).fill("tokyo");
  await page.keyboard.press("Enter");
  await expect(zone).toHaveValue("Asia/Tokyo");
  await expect(page.getByRole("banner")).toContainText("GMT+9");
  await page.reload();
  await expect(zone).toHaveValue("Asia/Tokyo");
  await page.getByRole("table").getByRole("link").first().click();
  await expect(page.getByRole("log")).toContainText("INFO");
});

test("the navigation folds to icons with names, and stays folded", async ({ page }) => {
  await page.goto("/tables");
  await page.getByRole("button", { name: "Fold the navigation" }).click();
  const rail = page.getByRole("complementary", { name: "Navigation and services" });
  expect((await rail.boundingBox())?.width).toBeLessThan(70);
  await page.reload();
  await expect(page.getByRole("button", { name: "Unfold the navigation" })).toBeVisible();
  await rail.getByRole("link", { name: "Runs" }).click();
  await expect(page).toHaveURL(/\/runs$/);
  await page.keyboard.press("[");
  await expect(page.getByRole("button", { name: "Fold the navigation" })).toBeVisible();
});

test("Back and Forward bring page, filter and place again", async ({ page }) => {
  await page.goto("/tables?q=cc_");
  await page.getByRole("link", { name: "cc_claim", exact: true }).click();
  await page.getByRole("tab", { name: /Schema/ }).click();
  await expect(page).toHaveURL(/tab=schema/);
  await page.goBack();
  await page.goBack();
  await expect(page.getByRole("searchbox")).toHaveValue("cc_");
  await page.goForward();
  await page.goForward();
  await expect(page.getByRole("tab", { name: /Schema/ })).toHaveAttribute("aria-selected", "true");
  await expect(page).toHaveTitle(/cc_claim/);
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 390, height: 844 } });

  test("places, search and services are at the thumb", async ({ page }) => {
    await page.goto("/");
    const bar = page.getByRole("navigation", { name: "Main, small screens" });
    await bar.getByRole("link", { name: "Tables" }).click();
    await expect(page).toHaveURL(/\/tables$/);
    await bar.getByRole("button", { name: "More" }).click();
    const drawer = page.getByRole("dialog", { name: "Navigation" });
    await expect(drawer).toContainText("Source");
    await drawer.getByRole("link", { name: "Runs" }).click();
    await expect(drawer).toBeHidden();
    await page.getByRole("button", { name: /^Search tables/ }).click();
    await field(page).fill("cc_claim");
    await page
      .getByRole("option", { name: /^cc_claim/ })
      .first()
      .click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("cc_claim");
  });
});
