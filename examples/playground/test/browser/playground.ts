import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium as chromiumPath } from "@bn-only/testing/engines";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";

/** Said after the names of tests that are skipped. */
export const missing = existsSync(chromiumPath) ? "" : `, skipped: there is no ${chromiumPath}`;

const args = [
  "--headless",
  "--no-sandbox",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export function launch(more: readonly string[] = ["--disable-gpu"]): Promise<Browser> {
  return chromium.launch({ executablePath: chromiumPath, args: [...args, ...more] });
}

/** A page of its own profile, and what went wrong in it. */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<{ page: Page; faults: string[]; foreign: string[] }> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  const page = await context.newPage();
  const { faults, foreign } = watch(page, url);
  await page.goto(url);
  await settled(page);
  return { page, faults, foreign };
}

function watch(page: Page, url: string): { faults: string[]; foreign: string[] } {
  const faults: string[] = [];
  const foreign: string[] = [];
  const { origin } = new URL(url);
  page.on("pageerror", ({ message }) => faults.push(message));
  page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
  page.context().on("request", (request) => {
    const address = request.url();
    if (!/^(data|blob):/.test(address) && !address.startsWith(`${origin}/`)) foreign.push(address);
  });
  return { faults, foreign };
}

/** Waits until the page knows how it stands. */
export async function settled(page: Page): Promise<void> {
  await status(page, /^(idle|paused|finished|failed)$/);
}

export async function status(page: Page, wanted: RegExp, timeout = 120_000): Promise<void> {
  await page.waitForFunction(
    (pattern) => new RegExp(pattern).test(document.body.dataset["status"] ?? ""),
    wanted.source,
    { timeout },
  );
}

/** Sets choices as a person would. */
export async function choose(page: Page, choices: Readonly<Record<string, string>>): Promise<void> {
  await page.locator("#choices").evaluate((details) => details.setAttribute("open", ""));
  for (const [name, value] of Object.entries(choices)) {
    const field = page.locator(`#setting-${name}`);
    const select = await field.evaluate((element) => element.tagName === "SELECT");
    if (select) await field.selectOption(value);
    else {
      await field.fill(value);
      await field.blur();
    }
  }
}

/** A picture to drop. */
export const picturePath = fileURLToPath(
  new URL("../../../../docs/playground/trained-phone-dark.png", import.meta.url),
);

/** A run that is over soon. */
export const small = { side: "16", trainSize: "96", depth: "8", batchSize: "16", epochs: "3" };

/** Step of the first network. */
export async function stepOf(page: Page): Promise<number> {
  const text = await page.locator("#status").innerText();
  return Number(/step ([\d,]+)/.exec(text)?.[1]?.replaceAll(",", "") ?? Number.NaN);
}

/** What the page says of each test image: `circle 93 %`. */
export function predictions(page: Page, list: string): Promise<string[]> {
  return page
    .locator(`${list} li`)
    .evaluateAll((items) => items.map((item) => item.textContent ?? ""));
}

/** Text of a notice, once there is one of this name. */
export function said(page: Page, name: string): Promise<string> {
  return page.locator(`[data-notice="${name}"]`).innerText({ timeout: 120_000 });
}
