import { expect, test } from "./lake";

/** Everything without a mouse. */

test.use({ lakeOptions: { tables: 11, folders: 10, synced: true, dirt: false } });

test("the skip link leads to the content", async ({ page }) => {
  await page.goto("/tables");
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to content" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("main")).toBeFocused();
});

test("j, k and Enter walk and open tables", async ({ page }) => {
  await page.goto("/tables?sort=name");
  const names = page.getByRole("table", { name: "Tables" }).locator("tbody a");
  await names.first().waitFor();
  await page.keyboard.press("j");
  await expect(names.nth(0)).toBeFocused();
  await page.keyboard.press("j");
  await expect(names.nth(1)).toBeFocused();
  await page.keyboard.press("k");
  await expect(names.nth(0)).toBeFocused();
  const name = await names.nth(0).innerText();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(name);
});

test("/ searches, the address keeps it, reload and Back keep it too", async ({ page }) => {
  await page.goto("/tables");
  await page.getByRole("link", { name: "cc_claim", exact: true }).waitFor();
  // The frame that hears this key comes right behind the first sight of a page.
  await expect(async () => {
    await page.keyboard.press("/");
    await expect(page.getByRole("searchbox")).toBeFocused({ timeout: 1000 });
  }).toPass();
  await page.keyboard.type("claim");
  await expect(page).toHaveURL(/q=claim/);
  await expect(page.getByRole("link", { name: "bc_invoice", exact: true })).toBeHidden();
  await page.reload();
  await expect(page.getByRole("searchbox")).toHaveValue("claim");
  await page.getByRole("link", { name: "cc_claim", exact: true }).click();
  await page.goBack();
  await expect(page.getByRole("searchbox")).toHaveValue("claim");
});

test("the start dialog holds the focus, Escape gives it back", async ({ page }) => {
  await page.goto("/");
  const button = page.getByRole("banner").getByRole("button", { name: "Run now" });
  await button.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: /^Start run/ })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toBeHidden();
  await expect(button).toBeFocused();
});

test("the glob fields count what matches", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("banner").getByRole("button", { name: "Run now" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel(/^Tables/).fill("cc_claim ");
  await expect(dialog.getByRole("button", { name: "Start run of 1 table" })).toBeEnabled();
  await dialog.getByLabel("Except").fill("cc_* ");
  await expect(dialog.getByRole("button", { name: "No table matches" })).toBeDisabled();
});

test("charts are walked with arrows and have a table", async ({ page }) => {
  await page.goto("/");
  const chart = page.getByRole("group", { name: "Tables by processing lag" });
  const marks = chart.getByRole("link");
  await marks.first().focus();
  await page.keyboard.press("ArrowRight");
  await expect(marks.nth(1)).toBeFocused();
  await page.getByRole("button", { name: "Freshness as table" }).click();
  await expect(page.getByRole("columnheader", { name: "Processing lag" })).toBeVisible();
});

test("the theme and the zone are chosen and kept", async ({ page }) => {
  await page.goto("/runs");
  await page.getByLabel("Theme").selectOption("dark");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await page.getByLabel("Time zone").selectOption("local");
  await page.reload();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await expect(page.getByLabel("Time zone")).toHaveValue("local");
});
