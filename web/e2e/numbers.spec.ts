import { opens } from "./inspect";
import { expect, test } from "./lake";

/** The design document's user numbers, by its own words. Clicks are counted, waits are bounded. */

test.use({ lakeOptions: { tables: 40, folders: 6, synced: true, dirt: true } });

test("Data engineers can verify table status in < 30 seconds", async ({ page }) => {
  await page.goto("/");
  const inSight = { ratio: 0.9, timeout: 30_000 };
  await expect(page.getByRole("heading", { level: 1 })).toContainText(/failed|late|healthy/);
  await expect(page.getByRole("heading", { level: 1 })).toBeInViewport(inSight);
  // Without a click and without scrolling: how many of which health, and what is worst.
  const main = page.getByRole("main");
  await expect(main.getByText("Healthy").first()).toBeInViewport(inSight);
  const attention = page.getByRole("region", { name: "Needs attention" });
  await expect(attention.getByRole("link", { name: "cc_nothing" })).toBeInViewport(inSight);
  await expect(attention.getByRole("button", { name: /Retry/ }).first()).toBeInViewport(inSight);
});

test("Analytics users can find needed tables in < 1 minute", async ({ page }) => {
  await page.goto("/");
  await opens(page, "ControlOrMeta+k");
  const palette = page.getByRole("dialog");
  await palette.getByRole("combobox").fill("exposure");
  await expect(palette.getByRole("option", { name: /cc_exposure/ }).first()).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("cc_exposure");
});

test("Users can trigger processing jobs with < 5 clicks", async ({ page }) => {
  for (const address of ["/", "/tables", "/tables/cc_claim", "/runs"]) {
    let clicks = 0;
    const click = async (name: string | RegExp) => {
      await page.getByRole("button", { name }).first().click();
      clicks += 1;
    };
    await page.goto(address);
    await click("Run now");
    await click(/^Start run of all/);
    await expect(page).toHaveURL(/\/runs\/.+/);
    expect(clicks, address).toBeLessThan(5);
    await expect(
      page
        .getByRole("main")
        .getByText(/Completed|With errors/)
        .first(),
    ).toBeVisible();
  }
});

test("Job status updates visible within 5 seconds", async ({ page, lake, request }) => {
  await page.goto("/runs");
  const rows = page.getByRole("table", { name: /Runs, newest first/ }).getByRole("row");
  await rows.nth(1).waitFor();
  lake.sync("--table", "cc_claim");
  const [newest] = await (await request.get("/api/guidewire/jobs?limit=1")).json();
  await expect(rows.nth(1)).toContainText("cc_claim", { timeout: 5_000 });
  await expect(rows.nth(1)).toContainText("Completed", { timeout: 5_000 });
  expect(newest.selection).toBe("cc_claim");
});
