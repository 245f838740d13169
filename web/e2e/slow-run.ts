import type { Page } from "@playwright/test";
import { expect } from "./lake";

/** A run that is there long enough to be looked at: one table, one folder at a time. */
export async function startSlowRun(page: Page): Promise<string> {
  await page.getByRole("button", { name: "Run now" }).first().click();
  await page.getByRole("switch", { name: /^Several tables/ }).click();
  await page.getByRole("switch", { name: /^One version per/ }).click();
  await page.getByRole("button", { name: /^Start run of/ }).click();
  await expect(page).toHaveURL(/\/runs\/2/);
  return new URL(page.url()).pathname;
}
