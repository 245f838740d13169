import { defineConfig } from "@playwright/test";

export const CHROMIUM = process.env.CDALAKE_CHROMIUM ?? "/usr/bin/chromium";
export const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** The page in a real browser against the real server. Build it first: `bun run build`. */
export default defineConfig({
  testDir: "./e2e",
  outputDir: "./test-results",
  // One server a file; two browsers at most, the machine is small.
  workers: 2,
  fullyParallel: false,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: "list",
  forbidOnly: Boolean(process.env.CI),
  // Two browsers, two servers and their runs share two cores: what fails once is tried once more and
  // then named "flaky" in the report, so that it is seen and mended.
  retries: process.env.CI ? 1 : 0,
  use: {
    viewport: { width: 1440, height: 900 },
    locale: "en-GB",
    timezoneId: "Europe/Berlin",
    reducedMotion: "reduce",
    // A trace of every test costs a fifth of the time; CI takes it when it tries a test again.
    trace: process.env.CI ? "on-first-retry" : "retain-on-failure",
    launchOptions: { executablePath: CHROMIUM, args: FLAGS },
  },
});
