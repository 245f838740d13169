// The page's part of benchmarks/monitor.py: node bench.mjs URL RUN_ID LONG_TABLE.
// Prints one JSON line a figure. Throttling as in docs/reference: slow 4G (1.6 Mbps, 150 ms), 4x CPU.
import { chromium } from "@playwright/test";

const [url, runId, longTable] = process.argv.slice(2);
const FLAGS =
  "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync".split(
    " ",
  );
const SLOW_4G = {
  offline: false,
  latency: 150,
  downloadThroughput: (1.6 * 1024 * 1024) / 8,
  uploadThroughput: (750 * 1024) / 8,
};
const COLD = 5;
const WARM = 5;

const browser = await chromium.launch({
  executablePath: process.env.CDALAKE_CHROMIUM ?? "/usr/bin/chromium",
  args: FLAGS,
});

const say = (name, unit, values, target = null) =>
  process.stdout.write(`${JSON.stringify({ name, unit, values, target })}\n`);

/** A browser that has never been here. */
async function fresh(slow, act) {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  if (slow) {
    const cdp = await context.newCDPSession(page);
    await cdp.send("Network.enable");
    await cdp.send("Network.emulateNetworkConditions", SLOW_4G);
    await cdp.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  }
  try {
    return await act(page);
  } finally {
    await context.close();
  }
}

async function times(count, act) {
  const found = [];
  for (let round = 0; round < count; round += 1) found.push(await act());
  return found;
}

/** Milliseconds from the start of the navigation until `ready`, as the page itself counts them. */
async function load(page, path, ready) {
  await page.goto(url + path, { waitUntil: "commit" });
  return page.evaluate(
    ({ selector, least }) =>
      new Promise((resolve) => {
        const look = () => {
          const seen = document.querySelectorAll(selector).length >= least;
          if (seen) requestAnimationFrame(() => resolve(performance.now()));
          else requestAnimationFrame(look);
        };
        look();
      }),
    { least: 1, ...ready },
  );
}

const nodes = (page) => page.evaluate(() => document.querySelectorAll("*").length);
const firstPaint = (page) =>
  page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? -1);

const ROWS = { selector: "table[aria-label=Tables] [data-row]", least: 10 };
/** A card with something in it: what a page shows while it loads stands in cards too. */
const CARD = `main .card:not([aria-label^="Loading"] *):not(:has([aria-label^="Loading"]))`;
const PAGES = [
  ["overview", "/", { selector: CARD, least: 4 }],
  ["tables", "/tables", ROWS],
  ["table", `/tables/${longTable}?connection=lake`, { selector: CARD, least: 1 }],
  ["run", `/runs/${runId}`, { selector: "main table tbody tr", least: 1 }],
];

for (const [name, path, ready] of PAGES) {
  const paints = [];
  const contents = await times(COLD, () =>
    fresh(true, async (page) => {
      const content = await load(page, path, ready);
      paints.push(await firstPaint(page));
      return content;
    }),
  );
  say(`${name}, slow 4G and 4x CPU, cold: first paint`, "ms", paints);
  say(`${name}, slow 4G and 4x CPU, cold: content`, "ms", contents, 2000);
}

// -- 10,000 rows ------------------------------------------------------------------------------

const counts = [];
const shown = await times(WARM, () =>
  fresh(false, async (page) => {
    const ms = await load(page, "/tables", ROWS);
    counts.push(await nodes(page));
    return ms;
  }),
);
say("10,000 tables: rows visible, cold", "ms", shown, 1000);
say("10,000 tables: DOM nodes", "nodes", counts, 3000);

await fresh(false, async (page) => {
  await load(page, "/tables", ROWS);
  const scrolled = [];
  const jumps = await times(WARM, async () => {
    const share = Math.random();
    const ms = await page.evaluate(
      (at) =>
        new Promise((resolve) => {
          const began = performance.now();
          window.scrollTo(0, document.documentElement.scrollHeight * at);
          const look = () => {
            const row = [...document.querySelectorAll("[data-row]")].some((each) => {
              const { top } = each.getBoundingClientRect();
              return top > 0 && top < innerHeight;
            });
            if (row) resolve(performance.now() - began);
            else requestAnimationFrame(look);
          };
          requestAnimationFrame(look);
        }),
      share,
    );
    scrolled.push(await nodes(page));
    return ms;
  });
  say("10,000 tables: a jump to anywhere, rows visible", "ms", jumps, 1000);
  say("10,000 tables: DOM nodes after jumps", "nodes", scrolled, 3000);
});

/** From the click to the frame after it. */
async function click(page, selector) {
  return page.evaluate(
    (wanted) =>
      new Promise((resolve) => {
        const element = document.querySelector(wanted);
        const began = performance.now();
        element.click();
        requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - began)));
      }),
    selector,
  );
}

const clicks = await times(WARM, () =>
  fresh(false, async (page) => {
    await load(page, "/tables", ROWS);
    await page.waitForTimeout(500);
    return click(page, "[data-row] a");
  }),
);
say("10,000 tables: click on a row to the next frame", "ms", clicks, 100);

// -- one long history, one wide run -------------------------------------------------------------

const history = `/tables/${longTable}?connection=lake&tab=history`;
const historyNodes = [];
const versions = await times(WARM, () =>
  fresh(false, async (page) => {
    const ms = await load(page, history, { selector: "main table tbody tr", least: 10 });
    historyNodes.push(await nodes(page));
    return ms;
  }),
);
say("history of 5,000 versions: rows visible, cold", "ms", versions, 1000);
say("history of 5,000 versions: DOM nodes", "nodes", historyNodes, 3000);

const runNodes = [];
const runs = await times(WARM, () =>
  fresh(false, async (page) => {
    const ms = await load(page, `/runs/${runId}`, { selector: "main table tbody tr", least: 5 });
    await page.waitForTimeout(300);
    runNodes.push(await nodes(page));
    return ms;
  }),
);
say("run of 1,000 tables: tables visible, cold", "ms", runs, 1000);
say("run of 1,000 tables: DOM nodes", "nodes", runNodes, 3000);

// -- a change becomes visible -------------------------------------------------------------------

/** A run of one table is started over the API; how long until the open list of runs shows it. */
await fresh(false, async (page) => {
  await load(page, "/runs", { selector: "main table tbody tr" });
  const seen = await times(WARM, async () => {
    const body = { config: { connection: "live", table_names: ["no_such_table"] } };
    const answer = await fetch(`${url}/api/guidewire/jobs/start`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    const { run_id: id } = await answer.json();
    const began = performance.now();
    await page.locator(`a[href*="${id}"]`).first().waitFor({ state: "attached", timeout: 30_000 });
    return performance.now() - began;
  });
  say("a run that was started elsewhere: seen in the list of runs", "ms", seen, 2000);
});

await browser.close();
