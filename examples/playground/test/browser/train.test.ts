import { readFile } from "node:fs/promises";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { longestTask } from "./longest-task.ts";
import {
  choose,
  launch,
  missing,
  openPage,
  picturePath,
  predictions,
  settled,
  small,
  status,
  stepOf,
} from "./playground.ts";

describe.skipIf(missing)(`the built page${missing}`, () => {
  const isolated = inject("isolated");
  const plain = inject("plain");
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  test("trains shapes to over 90 %, pauses, steps, resumes, survives a reload, and its link says the same elsewhere", async () => {
    const { page, faults, foreign } = await openPage(browser, isolated);
    await expect.poll(() => page.locator("#backend").innerText()).toMatch(/WebAssembly.*threads/);
    expect(await page.locator("#backend").innerText()).toMatch(/Not WebGPU: /);

    await page.click("#go");
    await page.waitForFunction(
      () => parseFloat(document.querySelector("#numbers dd")!.textContent!) > 90,
      null,
      {
        timeout: 150_000,
      },
    );
    await page.click("#go");
    await status(page, /^paused$/);
    const paused = await stepOf(page);
    expect(paused).toBeGreaterThan(0);
    await page.click("#step");
    await expect.poll(() => stepOf(page)).toBe(paused + 1);

    await page.click("#go");
    await status(page, /^running$/);
    await page.waitForTimeout(1500);
    await page.click("#go");
    await status(page, /^paused$/);
    const later = await stepOf(page);
    expect(later).toBeGreaterThan(paused + 1);
    // Each view waits for a frame of its own.
    await page.waitForTimeout(1000);
    const said = await predictions(page, "#images");

    await page.reload();
    await status(page, /^paused$/);
    expect(await stepOf(page)).toBe(later);
    await expect.poll(() => predictions(page, "#images")).toEqual(said);
    expect(await page.locator('[data-notice="restored"]').innerText()).toContain(
      `paused at step ${later}`,
    );

    await page.getByRole("button", { name: "Link to the trained network" }).click();
    await page.locator("[data-bits='8']").click({ timeout: 120_000 });
    const link = await page.locator("#network-link").inputValue();
    expect(link.length).toBeLessThan(6000);
    const row = page.locator("#share tr", { has: page.locator("[data-bits='8']") });
    const [, accuracy, , digest] = await row.locator("td").allInnerTexts();

    const other = await openPage(browser, link);
    await other.page.waitForSelector("#opened-digest", { timeout: 60_000 });
    expect(await other.page.locator("#opened-digest").innerText()).toBe(digest);
    expect(await other.page.locator("#opened-accuracy").innerText()).toBe(accuracy);
    const elsewhere = await openPage(browser, link);
    await elsewhere.page.waitForSelector("#opened-digest", { timeout: 60_000 });
    expect(await predictions(elsewhere.page, "#opened-images")).toEqual(
      await predictions(other.page, "#opened-images"),
    );
    expect([...foreign, ...other.foreign, ...elsewhere.foreign]).toEqual([]);
    expect([...faults, ...other.faults, ...elsewhere.faults]).toEqual([]);
    for (const { page: opened } of [{ page }, other, elsewhere]) await opened.context().close();
  });

  test("the page's own thread has no task of 50 ms while two networks train", async () => {
    const { page } = await openPage(browser, isolated);
    await choose(page, { versus: "all", epochs: "2", trainSize: "480" });
    const longest = await longestTask(browser, page, async () => {
      await page.click("#go");
      await status(page, /^finished$/, 150_000);
    });
    console.log(`longest task of the page's thread: ${longest.toFixed(1)} ms of processor time`);
    expect(longest).toBeGreaterThan(0.1);
    expect(longest).toBeLessThan(50);
    await page.context().close();
  });

  test("without isolation it computes in one thread, says why, and gives the same numbers", async () => {
    const said: string[] = [];
    for (const url of [isolated, plain]) {
      const { page, faults } = await openPage(browser, url);
      await choose(page, small);
      await page.click("#go");
      await status(page, /^finished$/);
      said.push(await page.locator("#status").innerText());
      const words = await page.locator("#backend").innerText();
      const expected =
        url === plain ? /one thread, because this server does not isolate/ : /threads/;
      expect(words).toMatch(expected);
      expect(faults).toEqual([]);
      await page.context().close();
    }
    expect(said[1]).toEqual(said[0]);
  });

  test("stop tests what there is, restart begins again with the same seed", async () => {
    const { page } = await openPage(browser, isolated);
    await choose(page, { ...small, epochs: "50" });
    await page.click("#go");
    await page.waitForFunction(
      () => parseFloat(document.querySelector("#numbers dd")!.textContent!) > 0,
    );
    await page.click("#stop");
    await status(page, /^finished$/);
    const stopped = await stepOf(page).catch(() => 0);
    expect(stopped).not.toBe(300);
    await page.click("#restart");
    await status(page, /^running$/);
    await page.click("#go");
    await status(page, /^paused$/);
    await page.context().close();
  });

  test("restart takes the choices that the run began with, train those that the form has now", async () => {
    const { page } = await openPage(browser, isolated);
    await choose(page, { ...small, epochs: "50" });
    await page.click("#go");
    await status(page, /^running$/);
    await choose(page, { epochs: "1" });
    await page.click("#restart");
    await page.waitForFunction(() => /of 50/.test(document.querySelector("#status")!.textContent!));
    await page.click("#stop");
    await status(page, /^finished$/);
    await page.click("#go");
    await expect.poll(() => page.locator("#status").innerText()).toMatch(/^Finished after 6 steps/);
    await page.context().close();
  });

  test("a link to choices has fewer than 200 characters and fills the form", async () => {
    const { page } = await openPage(browser, isolated);
    await choose(page, { depth: "20", condition: "head", seed: "12345", learningRate: "0.01" });
    await page.getByRole("button", { name: "Link to these choices" }).click();
    const link = await page.locator("#settings-link").inputValue();
    expect(link.length).toBeLessThan(200);
    const other = await openPage(browser, link);
    expect(await other.page.locator("#setting-depth").inputValue()).toBe("20");
    expect(await other.page.locator("#setting-condition").inputValue()).toBe("head");
    expect(await other.page.locator("#setting-seed").inputValue()).toBe("12345");
    await page.context().close();
    await other.page.context().close();
  });

  test("a network that was opened and closed, or left by the back button, answers no more", async () => {
    const { page } = await openPage(browser, isolated);
    await choose(page, small);
    await page.click("#go");
    await status(page, /^finished$/);
    await page.getByRole("button", { name: "Link to the trained network" }).click();
    await page.locator("[data-bits='8']").click({ timeout: 60_000 });
    const link = await page.locator("#network-link").inputValue();
    await choose(page, { side: "32" });
    await page.click("#go");
    await status(page, /^(loading|running)$/);
    await status(page, /^finished$/);
    for (const leave of ["Close", "back"]) {
      await page.evaluate((href) => (location.href = href), link);
      await page.waitForSelector("#opened-digest");
      if (leave === "back") await page.goBack();
      else await page.getByRole("button", { name: leave }).click();
      await page.locator("#opened").waitFor({ state: "hidden" });
      await page.evaluate(() => document.querySelector("#try ul")!.replaceChildren());
      await page.setInputFiles("#try-file", picturePath);
      await expect.poll(() => page.locator("#try li").count()).toBe(6);
      if (leave === "Close") await page.goBack();
    }
    await page.context().close();
  });

  test("a file that was downloaded opens again, and says the same", async () => {
    const { page } = await openPage(browser, isolated);
    await choose(page, small);
    await page.click("#go");
    await status(page, /^finished$/);
    const accuracy = /([\d.]+ %)/.exec(await page.locator("#status").innerText())![1];
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Download .safetensors" }).click(),
    ]);
    expect(download.suggestedFilename()).toBe("cifar-resnet-8-bn-seed-0.safetensors");
    const path = await download.path();
    const buffer = await readFile(path);
    const other = await openPage(browser, plain);
    await other.page.setInputFiles("#open-file", {
      name: "model.safetensors",
      mimeType: "",
      buffer,
    });
    await other.page.waitForSelector("#opened-accuracy");
    expect(await other.page.locator("#opened-accuracy").innerText()).toBe(accuracy);
    await settled(other.page);
    await page.context().close();
    await other.page.context().close();
  });
});
