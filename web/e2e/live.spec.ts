import { expect, test } from "./lake";

/** Changes are seen at once, whoever made them, and the page outlives its server. */

test.describe.configure({ mode: "serial" });
test.use({ lakeOptions: { tables: 11, folders: 10, synced: true, dirt: false } });

test("a change made by the command line is seen at once, by the stream", async ({ page, lake }) => {
  await page.goto("/runs");
  const rows = page.getByRole("table", { name: /Runs, newest first/ }).getByRole("row");
  await expect(rows).toHaveCount(2);
  lake.sync("--table", "cc_claim");
  // The command has returned: what it did is to be here soon. Two seconds are the target, which
  // `make bench ARGS=monitor` measures; a busy machine gets the design's five.
  await expect.poll(() => rows.count(), { timeout: 5000, intervals: [50] }).toBe(3);
  await expect(rows.nth(1)).toContainText("Completed", { timeout: 5000 });
});

test("an idle page asks nothing again and again: one stream tells it", async ({ page }) => {
  const asked: string[] = [];
  await page.goto("/");
  await expect(page.getByText(/^Live, \d+ s ago$/)).toBeVisible();
  await page.waitForLoadState("networkidle").catch(() => undefined);
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  const ages = page.getByText(/^Live, [4-9] s ago$/);
  for (let beat = 0; beat < 3; beat += 1) {
    await expect(ages).toBeVisible();
    await expect(ages).toBeHidden();
  }
  // A look at the connection every 15 s makes the overview anew, at most three times in so long;
  // polling would be six and more.
  expect(asked.filter((path) => path === "/api/dashboard").length).toBeLessThanOrEqual(3);
  expect(asked.filter((path) => path === "/api/events").length).toBeLessThanOrEqual(1);
});

test("one tab has at most two streams, a hidden one has none", async ({ page, lake, request }) => {
  await page.addInitScript(() => {
    const Real = EventSource;
    const all: EventSource[] = [];
    Object.assign(window, {
      open: () => all.filter(({ readyState }) => readyState !== 2).length,
      EventSource: class extends Real {
        constructor(url: string) {
          super(url);
          all.push(this);
        }
      },
    });
  });
  const open = () => page.evaluate(() => (window as unknown as { open: () => number }).open());
  lake.cli("sample", lake.source, "--extra-folders", "200");
  const started = await request.post("/api/guidewire/jobs/start", { data: {} });
  const { run_id } = await started.json();
  await page.goto(`/runs/${run_id}`);
  await expect(page.getByRole("log")).toContainText("INFO");
  expect(await open()).toBeLessThanOrEqual(2);
  await page.goto("/");
  await expect.poll(open).toBe(1);
  await page.evaluate(() => {
    Object.defineProperty(document, "hidden", { configurable: true, get: () => true });
    document.dispatchEvent(new Event("visibilitychange"));
  });
  await expect.poll(open).toBe(0);
});

test("a server that restarts is found again without a reload, and everything is caught up", async ({
  page,
  lake,
}) => {
  await page.goto("/runs");
  const rows = page.getByRole("table", { name: /Runs, newest first/ }).getByRole("row");
  await expect(rows.nth(1)).toBeVisible();
  const before = await rows.count();
  await page.evaluate(() => Object.assign(window, { stillHere: true }));
  await lake.stop();
  await expect(page.getByText("Not live.")).toBeVisible();
  lake.sync("--table", "cc_claim");
  await lake.start();
  await expect(page.getByText("Not live.")).toBeHidden({ timeout: 20_000 });
  await expect(rows).toHaveCount(before + 1);
  expect(await page.evaluate(() => "stillHere" in window)).toBe(true);
  await expect(page.getByText("newer version of this page")).toBeHidden();
});

test("a client that asks in a loop loses no answer to a restart but for a retry", async ({
  lake,
  request,
}) => {
  lake.cli("sample", lake.source, "--extra-folders", "200");
  const started = await request.post("/api/guidewire/jobs/start", { data: {} });
  const { run_id } = await started.json();
  const lost: string[] = [];
  let going = true;
  let isRestarting = false;
  const ask = async (path: string) => {
    for (let failures = 0; going; ) {
      // How long a restart takes is the machine's affair; what counts is the answer once it is over.
      const counts = !isRestarting;
      const answer = await fetch(lake.url + path).catch(() => null);
      if (answer?.ok) return;
      if (counts) failures += 1;
      if (failures > 1) return void lost.push(`${path}: ${answer?.status ?? "no answer"}`);
      await new Promise((wake) => setTimeout(wake, 250));
    }
  };
  const loop = (async () => {
    while (going) for (const path of ["/api/dashboard", `/api/jobs/${run_id}`]) await ask(path);
  })();
  isRestarting = true;
  await lake.stop();
  await lake.start();
  isRestarting = false;
  await expect
    .poll(async () => (await (await request.get(`/api/jobs/${run_id}`)).json()).status, {
      timeout: 60_000,
    })
    .toBe("completed");
  going = false;
  await loop;
  expect(lost).toEqual([]);
  const { attempt } = await (await request.get(`/api/guidewire/jobs/${run_id}`)).json();
  expect(attempt).toBe(1);
});
