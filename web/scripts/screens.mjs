// Takes the pictures of docs/screens from the real page over a sample export: `bun run screens`.
// Runs from the command line while the export grows, two tables left behind, one run still going on.
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "@playwright/test";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const OUT = join(ROOT, "docs/screens");
const FLAGS =
  "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync".split(
    " ",
  );
const VIEWS = [
  { suffix: "", width: 1440, height: 900, theme: "light" },
  { suffix: "-dark", width: 1440, height: 900, theme: "dark" },
  { suffix: "-phone", width: 390, height: 844, theme: "light" },
];

// A fixed place: the paths are in the pictures.
const home = join(tmpdir(), "acme");
const source = join(home, "cda-export");
const target = join(home, "lake");
const env = {
  ...process.env,
  CDALAKE_HOME: join(home, "home"),
  CDALAKE_SOURCE: source,
  CDALAKE_TARGET: target,
};
const options = { cwd: ROOT, env, stdio: ["ignore", "ignore", "inherit"] };

function cli(...args) {
  try {
    execFileSync("uv", ["run", "--no-sync", "cdalake", ...args], options);
  } catch (error) {
    // 2: some tables failed, which the dirty sample wants.
    if (error.status !== 2) throw error;
  }
}

const freePort = () =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });

async function serve(port) {
  const args = ["run", "--no-sync", "cdalake", "serve", "--port", String(port)];
  const server = spawn("uv", args, { ...options, stdio: "ignore" });
  for (let attempt = 0; attempt < 150; attempt += 1) {
    const answer = await fetch(`http://127.0.0.1:${port}/health`).catch(() => null);
    if (answer?.ok) return server;
    await new Promise((wake) => setTimeout(wake, 200));
  }
  throw new Error("the server did not come up");
}

async function picture(browser, url, path, name, prepare, views = VIEWS) {
  for (const { suffix, width, height, theme } of views) {
    const context = await browser.newContext({
      viewport: { width, height },
      colorScheme: theme,
      reducedMotion: "reduce",
      locale: "en-GB",
      timezoneId: "UTC",
    });
    const page = await context.newPage();
    await page.goto(url + path);
    await page.getByRole("heading", { level: 1 }).waitFor({ state: "attached" });
    await page.evaluate(() => document.fonts.ready);
    await page.waitForTimeout(1200);
    await prepare?.(page);
    if (!prepare) {
      // The rail and the tab bar belong to the edge of the window: make the window the page.
      const full = await page.evaluate(() => document.documentElement.scrollHeight);
      await page.setViewportSize({ width, height: Math.min(4000, Math.max(height, full)) });
      await page.waitForTimeout(400);
    }
    await page.screenshot({ path: join(OUT, `${name}${suffix}.png`) });
    await context.close();
    console.log(`${name}${suffix}.png`);
  }
}

mkdirSync(OUT, { recursive: true });
rmSync(home, { recursive: true, force: true });
mkdirSync(home);
const more = (folders) => cli("sample", source, "--extra-folders", String(folders), "--dirt");
cli("sample", source, "--tables", "11", "--folders", "3", "--dirt");
cli("sync", source, target);
for (const folders of [40, 60, 25, 90, 30, 50]) {
  more(folders);
  cli("sync", source, target);
}
cli("sync", source, target, "--table", "pc_*");
more(80);
cli("sync", source, target, "--exclude", "cc_exposure", "--exclude", "pc_address");

const port = await freePort();
const server = await serve(port);
const url = `http://127.0.0.1:${port}`;
const browser = await chromium.launch({
  executablePath: process.env.CDALAKE_CHROMIUM ?? "/usr/bin/chromium",
  args: FLAGS,
});
try {
  const runs = await (await fetch(`${url}/api/guidewire/jobs`)).json();
  // The one that brought most.
  const [shown] = runs.toSorted((a, b) => b.rows - a.rows);
  await picture(browser, url, "/", "overview");
  await picture(browser, url, "/tables", "tables");
  await picture(browser, url, "/tables/cc_claim", "table");
  await picture(browser, url, "/tables/cc_claim?tab=schema", "table-schema");
  await picture(browser, url, "/tables/cc_claim?tab=history", "table-history");
  await picture(browser, url, "/tables/cc_contact?tab=data", "table-data");
  await picture(browser, url, "/tables/cc_claim?tab=runs", "table-runs");
  await picture(browser, url, "/runs", "runs");
  await picture(browser, url, `/runs/${shown.run_id}`, "run");
  await picture(browser, url, "/runs/nosuch", "not-found");
  await picture(browser, url, "/runs", "start-run", async (page) => {
    await page.getByRole("button", { name: "Run now" }).first().click();
    await page.getByRole("button", { name: /^Start run of/ }).waitFor();
    await page.waitForTimeout(600);
  });
  more(400);
  const started = await fetch(`${url}/api/guidewire/jobs/start`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "{}",
  });
  const { run_id } = await started.json();
  await picture(browser, url, `/runs/${run_id}`, "run-live", (page) => page.waitForTimeout(2500), [
    { suffix: "", width: 1440, height: 1300, theme: "light" },
  ]);
} finally {
  await browser.close();
  server.kill("SIGTERM");
  await new Promise((gone) => server.once("exit", gone));
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
}
