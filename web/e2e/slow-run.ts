import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { expect, type Lake } from "./lake";

/** A run that is there long enough to be looked at: one table, one folder at a time. */
export async function startSlowRun(page: Page): Promise<string> {
  await page.getByRole("button", { name: "Run now" }).first().click();
  await page.getByRole("switch", { name: /^Several tables/ }).click();
  await page.getByRole("switch", { name: /^One version per/ }).click();
  await page.getByRole("button", { name: /^Start run of/ }).click();
  await expect(page).toHaveURL(/\/runs\/2/);
  return new URL(page.url()).pathname;
}

/** Cancel the run that the page shows. A held run hears it as soon as it is let go on. */
export async function cancel(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Cancel run" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Cancel run" }).click();
  // Asked for, and not only clicked: a held run may be let go on.
  await expect(page.getByRole("dialog")).toBeHidden();
}

/** Hold the run's process still for as long as it is looked at: its state stays what it is. */
export async function held(lake: Lake, path: string, look: () => Promise<void>): Promise<void> {
  const state = join(lake.home, "home", "runs", path.split("/").at(-1) ?? "", "state.json");
  await expect.poll(() => existsSync(state), "the run's process has begun").toBe(true);
  const { pid } = JSON.parse(readFileSync(state, "utf8"));
  process.kill(pid, "SIGSTOP");
  try {
    await look();
  } finally {
    process.kill(pid, "SIGCONT");
  }
}
