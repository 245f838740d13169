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
  ["access", "/settings/access"],
  ["audit", "/settings/audit"],
  ["audit, nothing found", "/settings/audit?who=nobody"],
  ["sources", "/sources"],
  ["source", "/sources/default"],
  ["source manifest", "/sources/default?tab=manifest"],
  ["source objects", "/sources/default?tab=objects"],
  ["no such source", "/sources/nosuch"],
  ["configuration", "/settings/configuration"],
  ["no such table", "/tables/nosuch"],
  ["no such run", "/runs/nosuch"],
  ["no such page", "/nosuch"],
];

async function open(page: Page, path: string): Promise<void> {
  if (path === "/runs/*") {
    await page.goto("/runs");
    await page
      .getByRole("link", { name: /^Run 2/ })
      .first()
      .click();
    await expect(page.getByRole("log")).toBeVisible();
  } else {
    await page.goto(path);
  }
  await expect(page.getByRole("heading", { level: 1 })).toBeAttached();
  await expect(page.getByRole("status", { name: /Loading/ })).toHaveCount(0);
  await page.evaluate(() => document.fonts.ready);
}

test("a path that is no page answers 404, every page 200", async ({ request }) => {
  const status = async (path: string) =>
    (await request.get(path, { headers: { accept: "text/html" } })).status();
  expect(await status("/nosuch")).toBe(404);
  expect(await status("/tables/a/b")).toBe(404);
  for (const path of ["/", "/tables", "/tables/cc_claim", "/runs", "/runs/nosuch", "/settings"]) {
    expect(await status(path), path).toBe(200);
  }
});

for (const theme of ["light", "dark"] as const) {
  test.describe(`in ${theme}`, () => {
    test.use({ colorScheme: theme });
    test.setTimeout(240_000);

    test("axe finds nothing on any page", async ({ page }) => {
      for (const [name, path] of PAGES) {
        await test.step(name, async () => {
          await open(page, path);
          expect.soft(await findings(page), name).toEqual([]);
        });
      }
    });

    test("axe finds nothing on what opens over a page", async ({ page }) => {
      const overlays: [name: string, open: () => Promise<void>][] = [
        ["palette", () => page.keyboard.press("Control+k")],
        ["palette, found", () => search(page, "claim")],
        ["palette, nothing found", () => search(page, "zzzzzz")],
        ["shortcuts", () => page.keyboard.press("?")],
        ["zones", async () => void (await page.getByLabel("Time zone").selectOption("other"))],
      ];
      for (const [name, show] of overlays) {
        await test.step(name, async () => {
          await open(page, "/tables");
          await show();
          await expect(page.getByRole("dialog")).toBeVisible();
          expect.soft(await findings(page), name).toEqual([]);
        });
      }
    });

    test("axe finds nothing on the start dialog", async ({ page }) => {
      await open(page, "/");
      await page.getByRole("button", { name: "Run now" }).first().click();
      await expect(page.getByRole("dialog")).toBeVisible();
      expect(await findings(page)).toEqual([]);
    });
  });
}

async function search(page: Page, text: string): Promise<void> {
  await page.keyboard.press("Control+k");
  await page.keyboard.type(text);
  await expect(page.getByRole("option").first()).toBeVisible();
  await expect(page.getByText("Searching…")).toHaveCount(0);
}

async function findings(page: Page): Promise<string[]> {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.join(" ")} ${node.failureSummary ?? ""}`),
  );
}

for (const width of [1440, 390, 320]) {
  test.describe(`${width} px wide`, () => {
    test.use({ viewport: { width, height: 844 } });
    test.setTimeout(180_000);

    test("no page scrolls sideways", async ({ page }) => {
      for (const [name, path] of PAGES) {
        await test.step(name, async () => {
          await open(page, path);
          const over = await page.evaluate(
            () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
          );
          expect.soft(over, name).toBe(0);
        });
      }
    });
  });
}
