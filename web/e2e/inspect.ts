import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect } from "./lake";

/** What every page and everything that opens over one has to stand. */

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const NARROW = [390, 320, 1440];

/** What axe finds, each with the element and what it says about it. */
export async function findings(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.join(" ")} ${node.failureSummary ?? ""}`),
  );
}

export async function expectNoFindings(page: Page): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    expect.soft(await findings(page), colorScheme).toEqual([]);
  }
}

export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  for (const width of NARROW) {
    await page.setViewportSize({ width, height: 844 });
    const beyond = () => document.documentElement.scrollWidth - innerWidth;
    // A chart is drawn anew for its width: the page is looked at when it has settled.
    await expect.poll(() => page.evaluate(beyond), `${width} px`).toBeLessThanOrEqual(0);
  }
}

/** The page has come, with everything that it says it waits for. */
export async function settled(page: Page): Promise<void> {
  await expect(page.getByRole("heading", { level: 1 }).first()).toBeAttached();
  await expect(page.getByRole("status", { name: /Loading/ })).toHaveCount(0);
  await page.evaluate(() => document.fonts.ready);
}

export async function openNewestRun(page: Page, query = ""): Promise<void> {
  await page.goto(`/runs${query}`);
  const newest = page.getByRole("link", { name: /^Run 2/ }).first();
  await newest.click();
  await expect(page.getByRole("log")).toBeVisible();
}

/** Press a key that opens something; the keys come right behind the first sight of a page. */
export async function opens(page: Page, key: string): Promise<void> {
  await page.getByRole("heading", { level: 1 }).waitFor();
  await expect(async () => {
    await page.keyboard.press(key);
    await expect(page.getByRole("dialog")).toBeVisible({ timeout: 1000 });
  }).toPass();
}
