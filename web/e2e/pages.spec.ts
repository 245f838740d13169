import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, test } from "./lake";

/** Every page, in both themes and on a phone: nothing for axe to find, nothing to scroll sideways. */

test.use({ lakeOptions: { tables: 11, folders: 20, synced: true, dirt: true } });

const PAGES: readonly [name: string, path: string][] = [
  ["overview", "/"],
  ["tables", "/tables"],
  ["tables, nothing found", "/tables?q=nosuchtable"],
  ["table", "/tables/cc_claim"],
  ["table that failed", "/tables/cc_nothing"],
  ["table schema", "/tables/cc_claim?tab=schema"],
  ["table history", "/tables/cc_claim?tab=history"],
  ["table data", "/tables/cc_contact?tab=data"],
  ["table runs", "/tables/cc_claim?tab=runs"],
  ["runs", "/runs"],
  ["run", "/runs/*"],
  ["no such table", "/tables/nosuch"],
  ["no such run", "/runs/nosuch"],
  ["no such page", "/nosuch"],
];

async function open(page: Page, path: string): Promise<void> {
  if (path === "/runs/*") {
    await page.goto("/runs");
    await page.getByRole("link", { name: /^Run 20/ }).first().click();
    await expect(page.getByRole("log")).toBeVisible();
  } else {
    await page.goto(path);
  }
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.getByRole("status", { name: /Loading/ })).toHaveCount(0);
  await page.evaluate(() => document.fonts.ready);
}

for (const theme of ["light", "dark"] as const) {
  test.describe(`in ${theme}`, () => {
    test.use({ colorScheme: theme });
    for (const [name, path] of PAGES) {
      test(`axe finds nothing on ${name}`, async ({ page }) => {
        await open(page, path);
        expect(await findings(page)).toEqual([]);
      });
    }

    test("axe finds nothing on the start dialog", async ({ page }) => {
      await open(page, "/");
      await page.getByRole("button", { name: "Run now" }).first().click();
      await expect(page.getByRole("dialog")).toBeVisible();
      expect(await findings(page)).toEqual([]);
    });
  });
}

async function findings(page: Page): Promise<string[]> {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.join(" ")} ${node.failureSummary ?? ""}`),
  );
}

for (const width of [390, 320, 1440]) {
  test.describe(`${width} px wide`, () => {
    test.use({ viewport: { width, height: 844 } });
    for (const [name, path] of PAGES) {
      test(`${name} has no sideways scroll`, async ({ page }) => {
        if (path === "/runs/*") {
          await page.goto("/runs");
          await page.getByRole("link", { name: /^Run 20/ }).first().click();
          await expect(page.getByRole("log")).toBeVisible();
        } else {
          await page.goto(path);
          await expect(page.getByRole("heading", { level: 1 })).toBeAttached();
        }
        const over = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        expect(over).toBe(0);
      });
    }
  });
}
