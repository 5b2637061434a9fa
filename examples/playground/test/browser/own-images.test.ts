import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { choose, launch, missing, openPage, picturePath, said, status } from "./playground.ts";
import { dropImages } from "./drop-images.ts";

describe.skipIf(missing)(`images of the user${missing}`, () => {
  const url = inject("isolated");
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch([
      "--disable-gpu",
      "--use-fake-device-for-media-stream",
      "--use-fake-ui-for-media-stream",
    ]);
  });
  afterAll(() => browser?.close());

  test("10,000 pictures: accepted, counted, trained on, kept over a reload; one class only: a sentence", async () => {
    const { page, faults } = await openPage(browser, url);
    await choose(page, { data: "own", side: "16", depth: "8", epochs: "1", batchSize: "256" });
    await dropImages(page, ".classes li:nth-child(1)", [
      { name: "a", type: "image/bmp", count: 5000 },
    ]);
    await expect
      .poll(() => page.locator("#own-memory").innerText(), { timeout: 120_000 })
      .toMatch(/^5,000 images in 1 class, 3\.8 MB/);
    await page.click("#go");
    expect(await said(page, "fault")).toMatch(/There is only one class, “class 1”/);
    await dropImages(page, ".classes li:nth-child(2)", [
      { name: "b", type: "image/bmp", count: 5000 },
      { name: "broken", type: "image/png", count: 3 },
    ]);
    await expect
      .poll(() => page.locator("#own-memory").innerText(), { timeout: 120_000 })
      .toMatch(/^10,000 images in 2 classes, 7\.7 MB/);
    expect(await said(page, "own")).toMatch(/3 files could not be read/);
    await page.click("#go");
    await status(page, /^(running|finished)$/);
    await expect
      .poll(() => page.locator("#kept").innerText(), { timeout: 60_000 })
      .toMatch(/up to step/);
    await page.reload();
    await expect
      .poll(() => page.locator("#own-memory").innerText(), { timeout: 60_000 })
      .toMatch(/^10,000 images in 2 classes/);
    await status(page, /^(paused|finished)$/);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  test("a folder of eleven folders: ten classes by their names, however long; the eleventh is named", async () => {
    const folder = await mkdtemp(join(tmpdir(), "playground-"));
    const picture = await readFile(picturePath);
    const names = Array.from(
      { length: 11 },
      (_, i) => `${"a long name of a class ".repeat(3)}${i}`,
    );
    for (const name of names) {
      await mkdir(join(folder, name));
      for (const n of [1, 2, 3]) await writeFile(join(folder, name, `${n}.png`), picture);
    }
    const { page } = await openPage(browser, url);
    await choose(page, { data: "own" });
    await page.setInputFiles("#own-folder", folder);
    await expect
      .poll(() => page.locator("#own-memory").innerText())
      .toMatch(/^30 images in 10 classes/);
    const taken = await page
      .locator(".classes input[type=text]")
      .evaluateAll((inputs) => inputs.map((input) => (input as HTMLInputElement).value));
    const [left] = names.filter((name) => !taken.includes(name));
    expect(taken.toSorted()).toEqual(names.filter((name) => name !== left).toSorted());
    expect(await said(page, "classes")).toContain(`10 classes at most; left out: “${left}”`);
    await choose(page, { side: "48" });
    await page.click("#go");
    expect(await said(page, "fault")).toMatch(/were made 32 pixels .* Set the image size to 32/);
    await rm(folder, { recursive: true });
    await page.context().close();
  });

  test("other images than those of the run that was kept: a sentence, once", async () => {
    const { page } = await openPage(browser, url);
    await choose(page, { data: "own", side: "16", depth: "8", epochs: "200", batchSize: "16" });
    for (const n of [1, 2]) {
      const picture = { name: `${n}`, type: "image/bmp", count: 20 };
      await dropImages(page, `.classes li:nth-child(${n})`, [picture]);
    }
    await expect.poll(() => page.locator("#own-memory").innerText()).toMatch(/^40 images in 2/);
    await page.click("#go");
    await expect.poll(() => page.locator("#kept").innerText()).toMatch(/up to step/);
    await dropImages(page, ".classes li:nth-child(1)", [
      { name: "more", type: "image/bmp", count: 5 },
    ]);
    await expect.poll(() => page.locator("#own-memory").innerText()).toMatch(/^45 images in 2/);
    await page.waitForTimeout(2000);
    await page.reload();
    expect(await said(page, "fault")).toMatch(/cannot go on, because the images are others now/);
    expect(await page.locator('[data-notice="restored"]').count()).toBe(0);
    await page.reload();
    await status(page, /^idle$/);
    expect(await page.locator('[data-notice="fault"]').count()).toBe(0);
    await page.context().close();
  });

  test("Train without images leaves the trained network where it was, over a reload too", async () => {
    const { page } = await openPage(browser, url);
    await choose(page, { data: "shapes", side: "16", depth: "8", epochs: "1", batchSize: "64" });
    await page.click("#go");
    await status(page, /^finished$/);
    await choose(page, { data: "own" });
    await page.click("#go");
    expect(await said(page, "fault")).toMatch(/There are no images of yours yet/);
    await status(page, /^finished$/);
    await page.reload();
    expect(await said(page, "restored")).toMatch(/Your last run is back/);
    await page.context().close();
  });

  test("the camera: frames for as long as the button is held", async () => {
    const { page } = await openPage(browser, url);
    await choose(page, { data: "own" });
    for (const n of [1, 2]) {
      const button = page.locator(`.classes li:nth-child(${n}) button`, { hasText: "camera" });
      await button.hover();
      await page.mouse.down();
      const card = page.locator(`.classes li:nth-child(${n})`);
      await expect.poll(() => card.innerText()).toMatch(/[4-9] frames/);
      await page.mouse.up();
    }
    await expect
      .poll(() => page.locator("#own-memory").innerText())
      .toMatch(/^\d+ images in 2 classes/);
    await page.context().close();
  });
});
