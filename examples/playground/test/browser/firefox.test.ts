import { existsSync } from "node:fs";
import { firefox } from "@bn-only/testing/engines";
import { type Browser, launch, type Page } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";

const missing = existsSync(firefox) ? "" : `, skipped: there is no ${firefox}`;

describe.skipIf(missing)(`the built page in Firefox${missing}`, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch({ browser: "firefox", executablePath: firefox, headless: true });
  });
  afterAll(() => browser?.close());

  test("trains shapes to over 90 % with threads, and stands there again after a reload", async () => {
    const { page, faults } = await open(inject("isolated"));
    expect(await backend(page)).toMatch(/WebAssembly.*threads/);
    // So many that it does not end before it is paused.
    await page.$eval("#setting-epochs", (field) => {
      (field as HTMLInputElement).value = "99";
      field.dispatchEvent(new Event("change", { bubbles: true }));
    });
    await page.click("#go");
    await page.waitForFunction(
      () => parseFloat(document.querySelector("#numbers dd")!.textContent!) > 90,
      { timeout: 150_000 },
    );
    await page.click("#go");
    await status(page, "paused");
    const before = await predictions(page);
    expect(before.length).toBeGreaterThan(0);
    await page.reload();
    await status(page, "paused");
    await expect.poll(() => predictions(page)).toEqual(before);
    expect(faults).toEqual([]);
    await page.close();
  });

  test("without isolation it computes on one thread, and says why", async () => {
    const { page, faults } = await open(inject("plain"));
    expect(await backend(page)).toMatch(/one thread, because this server does not isolate/);
    expect(faults).toEqual([]);
    await page.close();
  });

  async function open(url: string): Promise<{ page: Page; faults: string[] }> {
    const page = await browser.newPage();
    const faults: string[] = [];
    page.on("pageerror", (error) => faults.push(String(error)));
    await page.goto(url);
    await status(page, "idle");
    return { page, faults };
  }
});

async function status(page: Page, wanted: string): Promise<void> {
  await page.waitForFunction(
    (name) => document.body.dataset["status"] === name,
    { timeout: 120_000 },
    wanted,
  );
}

async function backend(page: Page): Promise<string> {
  await page.waitForFunction(
    () => /Computes on/.test(document.querySelector("#backend")!.textContent!),
    { timeout: 120_000 },
  );
  return page.$eval("#backend", (element) => element.textContent!);
}

/** What the page says of each test image. */
function predictions(page: Page): Promise<string[]> {
  return page.$$eval("#images li", (items) => items.map((item) => item.textContent!));
}
