import { chromium } from "@playwright/test";

const [, , base, ...jobs] = process.argv;
const browser = await chromium.launch({
  executablePath: process.env.CDALAKE_CHROMIUM ?? "/usr/bin/chromium",
  args: ["--headless", "--no-sandbox", "--disable-gpu"],
});
for (const job of jobs) {
  const [name, path, w = "1440", theme = "light", full = "full"] = job.split("|");
  const ctx = await browser.newContext({
    viewport: { width: Number(w), height: Number(w) < 500 ? 844 : 900 },
    colorScheme: theme,
    reducedMotion: "reduce",
    locale: "en-GB",
    timezoneId: "UTC",
  });
  const page = await ctx.newPage();
  page.on("console", (m) => m.type() === "error" && console.log(name, m.text()));
  await page.goto(base + path);
  await page.waitForTimeout(1800);
  await page.screenshot({ path: `/tmp/dshots/${name}.png`, fullPage: full === "full" });
  await ctx.close();
}
await browser.close();
