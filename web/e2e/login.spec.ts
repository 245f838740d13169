import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, test } from "./lake";

/** A server that asks who one is: in, back, out, and what each role can press. */

const TOKEN = "PLANTED-first-admins-token-0123456789";
const KEY = "PLANTED-aws-secret-key-0123456789abcdef";

test.use({
  lakeOptions: {
    tables: 4,
    folders: 4,
    synced: true,
    dirt: false,
    env: {
      CDALAKE_REQUIRE_LOGIN: "true",
      CDALAKE_TOKEN: TOKEN,
      AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE",
      AWS_SECRET_ACCESS_KEY: KEY,
    },
  },
});

async function logIn(page: Page, token = TOKEN): Promise<void> {
  await page.getByRole("textbox", { name: "Token" }).fill(token);
  await page.getByRole("button", { name: "Log in" }).click();
}

async function makeToken(page: Page, name: string, role: string): Promise<string> {
  await page.goto("/settings/access");
  await page.getByRole("button", { name: "New token" }).click();
  await page.getByLabel("Name").fill(name);
  await page.getByRole("button", { name: role, exact: true }).click();
  await page.getByRole("button", { name: "Make token" }).click();
  const dialog = page.getByRole("dialog", { name: `Token of ${name}` });
  const token = await dialog.getByText(/^cdl_/).innerText();
  await dialog.getByRole("button", { name: "Done" }).click();
  return token;
}

test("a reader of the reference logs in and comes back to it", async ({ page }) => {
  await page.goto("/docs/errors");
  await expect(page).toHaveURL(/\/login\?to=/);
  await logIn(page);
  await expect(page).toHaveURL(/\/docs\/errors$/);
  await expect(page.getByRole("heading", { name: "Errors and warnings" })).toBeVisible();
});

test("one logs in, comes back to where one was, watches a run live, and logs out", async ({
  page,
}) => {
  await page.goto("/runs?state=completed");
  await expect(page).toHaveURL(/\/login\?to=/);
  await logIn(page, "nonsense");
  await expect(page.getByRole("alert")).toContainText("This token is not known");
  await logIn(page);
  await expect(page).toHaveURL(/\/runs\?state=completed$/);
  await expect(page.getByRole("heading", { name: "Runs", level: 1 })).toBeVisible();

  // The stream comes with the cookie.
  const stream = page.waitForResponse((answer) => answer.url().endsWith("/api/events"));
  await page.reload();
  expect((await stream).status()).toBe(200);

  await page.getByRole("button", { name: "You: admin, admin" }).click();
  await page.getByRole("button", { name: "Log out" }).click();
  await expect(page.getByRole("textbox", { name: "Token" })).toBeVisible();
  await page.goto("/tables");
  await expect(page).toHaveURL(/\/login\?to=/);
});

test("a viewer reads, and is told who may grant what is not theirs", async ({ page, browser }) => {
  await page.goto("/");
  await logIn(page);
  const token = await makeToken(page, "watcher", "viewer");
  const context = await browser.newContext();
  const other = await context.newPage();
  await other.goto(`${new URL(page.url()).origin}/login#${token}`);
  await expect(other.getByRole("textbox", { name: "Token" })).toHaveValue(token);
  expect(other.url()).not.toContain(token);
  await other.getByRole("button", { name: "Log in" }).click();
  const button = other.getByRole("button", { name: /^Run now/ });
  await expect(button).toHaveAttribute("aria-disabled", "true");
  await button.click({ force: true });
  await expect(other.getByRole("dialog")).toHaveCount(0);
  await other.goto(`${new URL(page.url()).origin}/settings/audit`);
  await expect(other.getByText("You may not see this")).toBeVisible();
  await expect(other.getByText(/This needs the role admin; yours is viewer/)).toBeVisible();

  await page.getByRole("button", { name: "Revoke watcher" }).click();
  await page.getByRole("button", { name: "Revoke", exact: true }).click();
  await expect(page.getByText("No tokens yet")).toBeVisible();
  await other.goto(`${new URL(page.url()).origin}/tables`);
  await expect(other).toHaveURL(/\/login\?to=/);
  await context.close();
});

test("no secret is in what the page gets, sends by address, or keeps", async ({
  page,
  context,
}) => {
  const seen: string[] = [];
  page.on("response", async (answer) => {
    const kind = answer.headers()["content-type"] ?? "";
    const body = /json|html|csv|text\/plain/.test(kind) ? await answer.text().catch(() => "") : "";
    seen.push(`${answer.url()} ${body}`);
  });
  page.on("console", (message) => seen.push(message.text()));
  await page.goto("/");
  await logIn(page);
  const paths = ["/", "/tables", "/tables/cc_claim", "/tables/cc_claim?tab=data", "/runs"];
  paths.push("/settings/configuration", "/settings/access", "/settings/audit");
  for (const path of paths) {
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1 })).toBeAttached();
    await expect(page.getByRole("status", { name: /Loading/ })).toHaveCount(0);
  }
  const kept = await page.evaluate(() =>
    JSON.stringify([{ ...localStorage }, { ...sessionStorage }]),
  );
  const [session] = (await context.cookies()).filter((each) => each.name.includes("session"));
  expect(session?.httpOnly).toBe(true);
  expect(session?.sameSite).toBe("Strict");
  expect(await page.evaluate(() => document.cookie)).toBe("");
  expect(seen.length).toBeGreaterThan(20);
  for (const secret of [TOKEN, KEY, session?.value ?? "none"]) {
    expect(seen.filter((each) => each.includes(secret))).toEqual([]);
    expect(kept).not.toContain(secret);
  }
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`the login in ${colorScheme}: nothing for axe to find, nothing to scroll sideways`, async ({
    page,
  }) => {
    await page.emulateMedia({ colorScheme });
    await page.goto("/login");
    await logIn(page, "nonsense");
    await expect(page.getByRole("alert")).toBeVisible();
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations).toEqual([]);
    for (const width of [320, 390, 1440]) {
      await page.setViewportSize({ width, height: 700 });
      const over = () => document.documentElement.scrollWidth - innerWidth;
      expect(await page.evaluate(over)).toBeLessThanOrEqual(0);
    }
  });
}
