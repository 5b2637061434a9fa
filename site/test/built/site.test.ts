import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { accessibilityFaults } from "@bn-only/testing/accessibility";
import { chromium as executablePath } from "@bn-only/testing/engines";
import { serveFolder } from "@bn-only/testing/static-site";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkLinks } from "./links.ts";

// The site as it was built for `SITE_BASE`, served below that path.

const base = process.env["SITE_BASE"] ?? "/";
const dist = fileURLToPath(new URL("../../.vitepress/dist", import.meta.url));
const pages = readdirSync(dist, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".html"))
  .sort();
const missing = existsSync(executablePath) ? "" : `, skipped: there is no ${executablePath}`;

let site: Awaited<ReturnType<typeof serveFolder>>;
beforeAll(async () => void (site = await serveFolder(dist, base)));
afterAll(() => site.close());

test("every link leads to a page, every anchor to a place on it, and every page is linked", () => {
  const { broken, linked } = checkLinks(dist, pages, base);
  expect(broken).toEqual([]);
  const lonely = pages.filter((page) => page !== "404.html" && !linked.has(page));
  expect(lonely).toEqual([]);
});

describe.skipIf(missing)(`in Chromium${missing}`, () => {
  let browser: Browser;
  beforeAll(async () => {
    const args = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"];
    browser = await chromium.launch({ executablePath, args });
  });
  afterAll(() => browser?.close());

  test.each([
    ["a screen, light", "light", { width: 1280, height: 900 }],
    ["a phone, dark", "dark", { width: 390, height: 844 }],
  ] as const)("every page on %s", async (_name, colorScheme, viewport) => {
    const page = await browser.newPage({ colorScheme, viewport });
    const faults = watch(page);
    for (const file of pages) {
      await page.goto(site.url + file);
      const found = await lookAt(page);
      if (!isOneOfMany(file)) found.push(...(await accessibilityFaults(page)));
      faults.push(...found.map((fault) => `${file}: ${fault}`));
    }
    expect(faults).toEqual([]);
    await page.close();
  });

  test("the search finds a page, and 404 is a page of ours", async () => {
    const page = await browser.newPage();
    await page.goto(`${site.url}no/such/page`);
    await expect.poll(() => page.locator("h1").innerText()).toBe("There is no such page");
    await page.keyboard.press("Control+k");
    await page.locator("#localsearch-input").fill("safetensors");
    await page.locator("#localsearch-list a").first().click();
    await page.waitForURL((url) => url.href.startsWith(site.url) && url.pathname.endsWith(".html"));
    await page.close();
  });
});

/** Errors, and requests that leave the site. */
function watch(page: Page): string[] {
  const faults: string[] = [];
  page.on("pageerror", ({ message }) => faults.push(message));
  page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(site.url) && !url.startsWith("data:")) faults.push(`asks for ${url}`);
  });
  return faults;
}

/** Pages that are generated all alike, and long tables: axe-core looks at one of each kind, since it takes long for them. */
const isOneOfMany = (file: string): boolean =>
  /^(api\/@|decisions\/2|init-v1|benchmarks)/.test(file) &&
  !/backends\.html$|late-numbers/.test(file);

/** What is wider than the window, and pictures that are missing. */
async function lookAt(page: Page): Promise<string[]> {
  const wide = await page.evaluate<boolean>("document.documentElement.scrollWidth > innerWidth");
  const empty = await page.evaluate<string[]>(
    "[...document.images].filter((image) => image.complete && image.naturalWidth === 0).map(({ src }) => src)",
  );
  const missingPictures = empty.map((source) => `no picture ${source}`);
  return wide ? ["it is wider than the window", ...missingPictures] : missingPictures;
}
