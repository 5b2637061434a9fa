import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { accessibilityFaults } from "@bn-only/testing/accessibility";
import { choose, launch, missing, openPage, small, status } from "./playground.ts";

describe.skipIf(missing)(`for everybody${missing}`, () => {
  const url = inject("isolated");
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  test.each([
    ["a screen, light", { colorScheme: "light" }],
    ["a phone, dark", { colorScheme: "dark", viewport: { width: 390, height: 844 } }],
  ] as const)("axe-core finds no serious fault: %s", async (_name, options) => {
    const { page } = await openPage(browser, url, options);
    expect(await accessibilityFaults(page)).toEqual([]);
    await choose(page, { ...small, versus: "head" });
    await page.click("#go");
    await status(page, /^finished$/);
    await page.getByRole("button", { name: "Link to the trained network" }).click();
    await page.locator("[data-bits='8']").click({ timeout: 60_000 });
    await choose(page, { data: "own" });
    expect(await accessibilityFaults(page)).toEqual([]);
    const link = await page.locator("#network-link").inputValue();
    const other = await openPage(browser, link, options);
    await other.page.waitForSelector("#opened-digest");
    expect(await accessibilityFaults(other.page)).toEqual([]);
    await page.context().close();
    await other.page.context().close();
  });

  test("by keyboard alone: to the controls, train, pause, pick an image", async () => {
    const choices = "#s1=shapes,16,96,8,1,bn,nothing,adam,0.03,100,16,0";
    const { page } = await openPage(browser, url + choices);
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(
      "Skip to the controls",
    );
    await page.keyboard.press("Enter");
    expect(await page.locator(".notice").count()).toBe(0);
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("go");
    await page.keyboard.press("Enter");
    await status(page, /^running$/);
    await page.keyboard.press("Space");
    await status(page, /^paused$/);
    await page.locator("#images li:nth-child(4) button").focus();
    await page.keyboard.press("Enter");
    await expect.poll(() => page.locator("#activations").innerText()).toContain("test image 4");
    await page.context().close();
  });

  test("nothing is wider than a phone", async () => {
    const { page } = await openPage(browser, url, { viewport: { width: 360, height: 740 } });
    await choose(page, { ...small, versus: "all" });
    await page.click("#go");
    await status(page, /^finished$/);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBeLessThanOrEqual(360);
    await page.context().close();
  });
});
