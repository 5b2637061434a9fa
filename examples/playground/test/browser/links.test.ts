import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { choose, launch, missing, openPage, said, settled, small } from "./playground.ts";
import { dropImages } from "./drop-images.ts";

describe.skipIf(missing)(`links and files that are none${missing}`, () => {
  const url = inject("isolated");
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  test.each([
    ["m1=AAAA", /cannot be opened: the link is cut off\./],
    [`m1=${"A".repeat(40)}`, /altered on its way/],
    ["m7=AAAA", /version 7, this page knows version 1/],
    [`m1=${"A".repeat(20_000)}`, /at most 16000 are read/],
    ["s1=shapes,24", /2 settings, expected 12/],
    ["s1=shapes,24,1200,14,1,bn,nothing,adam,999,12,32,0", /Learning rate must be/],
    ["utm_source=a-friend", /no settings in it/],
    ["%E0%A4%A", /cannot be opened/],
  ])("a link with #%s says what is wrong", async (fragment, words) => {
    const { page } = await openPage(browser, `${url}#${fragment}`);
    expect(await said(page, "fault")).toMatch(words);
    await choose(page, small);
    expect(await page.locator("#go").getAttribute("aria-disabled")).toBe("false");
    await page.context().close();
  });

  test("files that it cannot use", async () => {
    const { page } = await openPage(browser, url);
    const damaged = { name: "damaged.safetensors", mimeType: "", buffer: Buffer.alloc(64, 7) };
    await page.setInputFiles("#open-file", damaged);
    expect(await said(page, "fault")).toMatch(/model file/);
    await settled(page);
    await dropImages(page, "body", [{ name: "notes.pdf", type: "application/pdf", count: 1 }]);
    expect(await said(page, "drop")).toMatch(/“notes\.pdf” is nothing that this page can use/);
    await page.context().close();
  });

  test("what one choice brings with it is kept, too", async () => {
    const { page } = await openPage(browser, url);
    await choose(page, { data: "cifar10" });
    await page.reload();
    await settled(page);
    expect(await page.locator("#setting-data").inputValue()).toBe("cifar10");
    expect(await page.locator("#setting-side").inputValue()).toBe("32");
    await page.context().close();
  });

  test("a choice out of range says so and cannot be started", async () => {
    const { page } = await openPage(browser, url);
    await choose(page, { batchSize: "3" });
    expect(await page.locator("#setting-batchSize-line").innerText()).toMatch(/from 4 to 1024/);
    expect(await page.locator("#go").getAttribute("aria-disabled")).toBe("true");
    await choose(page, { batchSize: "16" });
    expect(await page.locator("#go").getAttribute("aria-disabled")).toBe("false");
    await page.context().close();
  });
});
