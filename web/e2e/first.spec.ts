import type { APIRequestContext, Page } from "@playwright/test";
import { expect, test } from "./lake";

/**
 * What the server names with a page is what the page asks: an address that differs in one parameter
 * is fetched twice, and the slow line carries both.
 */

test.use({ lakeOptions: { tables: 11, folders: 3, synced: true, dirt: false } });

const LINK = /<([^>]+)>; rel=preload; as=fetch/g;

/** The answers named with a page, and how often each was fetched until the page stood. */
async function fetched(page: Page, path: string) {
  // Told by the stream what changed just now, the page would ask again, and rightly: it stays silent.
  await page.route("**/api/events*", () => undefined);
  const asked: string[] = [];
  page.on("request", (request) => {
    const { pathname, search } = new URL(request.url());
    asked.push(pathname + search);
  });
  const answer = await page.goto(path);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.getByRole("status", { name: /Loading/ })).toHaveCount(0);
  const named = [...((await answer?.headerValue("link")) ?? "").matchAll(LINK)].map(([, to]) => to);
  return Object.fromEntries(
    named.map((each) => [each, asked.filter((address) => address === each).length]),
  );
}

const newestRun = async (request: APIRequestContext) =>
  (await (await request.get("/api/guidewire/jobs?limit=1")).json())[0].run_id as string;

test("each page fetches once what was named with it, and asks that first", async ({
  page,
  request,
}) => {
  const run = await newestRun(request);
  const sources = await (await request.get("/api/connections")).json();
  const pages = {
    "/": ["/api/me", "/api/dashboard"],
    "/tables": ["/api/me", "/api/tables?search=&sort=health&limit=200&offset=0"],
    "/tables/cc_claim": ["/api/me", "/api/tables/cc_claim?sample=false"],
    "/runs": ["/api/me", "/api/guidewire/jobs?limit=200"],
    [`/runs/${run}`]: ["/api/me", `/api/guidewire/jobs/${run}`],
    "/sources": ["/api/me", "/api/connections"],
    [`/sources/${sources[0].name}`]: ["/api/me", `/api/connections/${sources[0].name}`],
  };
  for (const [path, asks] of Object.entries(pages)) {
    const fresh = await page.context().newPage();
    const once = Object.fromEntries(asks.map((each) => [each, 1]));
    expect.soft(await fetched(fresh, path), path).toEqual(once);
    await fresh.close();
  }
});
