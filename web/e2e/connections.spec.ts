import { join } from "node:path";
import type { Page } from "@playwright/test";
import { expectNoFindings } from "./inspect";
import { expect, type Lake, test } from "./lake";

/** The menu in the top bar, with more connections than it can show at once. */

test.use({ lakeOptions: { tables: 1, folders: 1, synced: false, dirt: false } });

const MANY = 14;
const name = (number: number) => `team-${String(number).padStart(2, "0")}`;

async function addConnections(page: Page, lake: Lake): Promise<void> {
  for (let number = 1; number <= MANY; number += 1) {
    const values = { source: lake.source, target: join(lake.home, name(number)) };
    const made = await page.request.post("/api/connections", {
      data: { name: name(number), values },
    });
    expect(made.status(), await made.text()).toBe(201);
  }
}

test("the menu of connections opens at the chosen one, however many there are", async ({
  page,
  lake,
}) => {
  await addConnections(page, lake);
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 640 });
    await page.goto(`/?connection=${name(MANY)}`);
    await page.getByRole("button", { name: `Connection: ${name(MANY)}` }).click();
    const menu = page.getByRole("menu", { name: "Connection" });
    const chosen = menu.getByRole("menuitemradio", { name: name(MANY) });
    await expect(chosen).toBeFocused();
    await expect(chosen).toBeInViewport({ ratio: 1 });
    await expect(menu.getByRole("menuitemradio", { name: "All connections" })).not.toBeInViewport();
    await expectNoFindings(page);
    await page.keyboard.press("ArrowUp");
    await expect(menu.getByRole("menuitemradio", { name: name(MANY - 1) })).toBeFocused();
    await page.keyboard.press("Escape");
    await expect(page.getByRole("button", { name: /^Connection:/ })).toBeFocused();
  }
});
