// Photographs the main states of the page, from the server that `npm run serve` starts:
// node scripts/screenshots.js <folder> [address]
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { chromium } from "playwright-core";

const [folder = "screenshots", address = "http://localhost:4173/"] = process.argv.slice(2);
await mkdir(folder, { recursive: true });
const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: ["--headless", "--no-sandbox", "--disable-gpu"],
});

const desktop = { width: 1280, height: 1120 };
const phone = { width: 390, height: 844 };

async function open(hash, colorScheme, viewport) {
  const context = await browser.newContext({ colorScheme, viewport, deviceScaleFactor: 1 });
  const page = await context.newPage();
  await page.goto(address + hash);
  await page.waitForFunction(() => document.body.dataset.status !== undefined);
  await page.waitForFunction(() => !/Looking/.test(document.querySelector("#backend").textContent));
  return page;
}

async function finish(page) {
  await page.click("#go");
  await page.waitForFunction(() => document.body.dataset.status === "finished", null, {
    timeout: 600_000,
  });
  await page.waitForTimeout(1500);
}

async function photograph(page, name, { at } = {}) {
  if (at) await page.locator(at).scrollIntoViewIfNeeded();
  else await page.evaluate(() => scrollTo(0, 0));
  await page.waitForTimeout(300);
  await page.screenshot({ path: join(folder, `${name}.png`) });
  console.log(name);
}

const one = "#s1=shapes,24,1200,14,1,bn,nothing,adam,0.03,8,32,0";
const two = "#s1=shapes,24,1200,14,1,bn,head,adam,0.03,6,32,0";

const light = await open(one, "light", desktop);
await photograph(light, "ready-desktop-light");
await finish(light);
await photograph(light, "trained-desktop-light");
await light.setViewportSize({ width: 1280, height: 900 });
await photograph(light, "readme-desktop-light");
await light.setViewportSize(desktop);
await photograph(light, "inside-desktop-light", { at: "#filters" });
await light.getByRole("button", { name: "Link to the trained network" }).click();
await light.locator("[data-bits='8']").click({ timeout: 120_000 });
await light.waitForTimeout(500);
await photograph(light, "link-desktop-light", { at: "footer" });
const link = await light.locator("#network-link").inputValue();
const hash = link.slice(link.indexOf("#"));

const opened = await open(hash, "dark", desktop);
await opened.waitForSelector("#opened-digest", { timeout: 60_000 });
await opened.waitForTimeout(500);
await photograph(opened, "opened-desktop-dark");

const small = await open(hash, "light", phone);
await small.waitForSelector("#opened-digest", { timeout: 60_000 });
await photograph(small, "opened-phone-light");

const pair = await open(two, "dark", desktop);
await finish(pair);
await photograph(pair, "compared-desktop-dark");

const dark = await open(one, "dark", phone);
await finish(dark);
await photograph(dark, "trained-phone-dark");

const own = await open("#s1=own,32,1200,14,1,bn,nothing,adam,0.03,12,32,0", "light", desktop);
await own.click("#go");
await own.waitForSelector('[data-notice="fault"]');
await photograph(own, "fault-desktop-light");

const broken = await open("#m1=AAAAAAAAAAAAAAAAAAAA", "dark", phone);
await broken.waitForSelector('[data-notice="fault"]');
await photograph(broken, "broken-link-phone-dark");
await browser.close();
