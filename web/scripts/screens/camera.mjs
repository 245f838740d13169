import { join } from "node:path";
import { chromium } from "@playwright/test";
import { ROOT } from "./lake.mjs";

export const OUT = join(ROOT, "docs/screens");
const FLAGS =
  "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync".split(
    " ",
  );
const WIDE = { suffix: "", width: 1440, height: 900, theme: "light" };
const DARK = { suffix: "-dark", width: 1440, height: 900, theme: "dark" };
const PHONE = { suffix: "-phone", width: 390, height: 844, theme: "light" };
export const EVERY = [WIDE, DARK, PHONE];
export const TWO = [WIDE, PHONE];
/** The longest picture: the ones below a list's hundredth row look like the ones above. */
const TALLEST = 2000;

export const openBrowser = () =>
  chromium.launch({
    executablePath: process.env.CDALAKE_CHROMIUM ?? "/usr/bin/chromium",
    args: FLAGS,
  });

/** Until nothing is loading any more and the fonts are there. */
async function settled(page) {
  await page.locator("h1").first().waitFor({ state: "attached" });
  await page.evaluate(() => document.fonts.ready);
  await page.waitForTimeout(250);
  const busy = "[aria-busy=true], .skeleton";
  await page
    .waitForFunction((css) => !document.querySelector(css), busy, { timeout: 8000 })
    .catch(() => console.warn(`still loading: ${page.url()}`));
}

/** The rail and the tab bar belong to the edge of the window: make the window the page. */
async function stretch(page, { width, height }) {
  await page.setViewportSize({ width, height });
  await page.waitForTimeout(150);
  const full = await page.evaluate(() => document.documentElement.scrollHeight);
  const tall = Math.min(TALLEST, Math.max(height, full));
  await page.setViewportSize({ width, height: tall });
}

async function shoot(page, name, { whole, views }) {
  for (const view of views) {
    await page.emulateMedia({ colorScheme: view.theme });
    if (whole) await stretch(page, view);
    else await page.setViewportSize({ width: view.width, height: view.height });
    await page.waitForTimeout(250);
    await page.screenshot({ path: join(OUT, `${name}${view.suffix}.png`) });
  }
  console.log(name);
}

/**
 * One page in some views. `before` is done before the page is asked for, `prepare` when it is there;
 * what opens in a window of its own is not stretched.
 */
export async function picture(
  browser,
  url,
  { path, name, before, prepare, views = EVERY, ...how },
) {
  const context = await browser.newContext({
    viewport: { width: WIDE.width, height: WIDE.height },
    reducedMotion: "reduce",
    locale: "en-GB",
    timezoneId: "UTC",
  });
  context.setDefaultTimeout(15_000);
  try {
    const page = await context.newPage();
    await before?.(page);
    await page.goto(url + path);
    await settled(page);
    await prepare?.(page);
    await shoot(page, name, { whole: how.whole ?? true, views });
  } catch (error) {
    // The other pictures are taken all the same; the command fails in the end.
    console.error(`${name}: ${error.message}`);
    process.exitCode = 1;
  } finally {
    await context.close();
  }
}

/** Two at a time: while one waits for its page the other draws. */
export async function album(browser, url, pictures) {
  const left = [...pictures];
  const camera = async () => {
    while (left.length) await picture(browser, url, left.shift());
  };
  await Promise.all([camera(), camera()]);
}
