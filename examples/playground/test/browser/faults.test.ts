import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { choose, launch, missing, openPage, said, small, status } from "./playground.ts";

describe.skipIf(missing)(`what can go wrong in a run${missing}`, () => {
  const url = inject("isolated");
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  test("a learning rate that is too large ends in a sentence", async () => {
    const { page } = await openPage(browser, url);
    await choose(page, {
      ...small,
      optimizer: "sgd",
      learningRate: "100",
      condition: "all",
      epochs: "60",
    });
    await page.click("#go");
    expect(await said(page, "fault")).toMatch(/loss became|not finite/);
    await status(page, /^failed$/);
    await page.getByRole("button", { name: "A third of the rate" }).click();
    expect(await page.locator("#setting-learningRate").inputValue()).toBe("33");
    await page.context().close();
  });

  test("memory that is full ends in a sentence", async () => {
    const { page } = await openPage(browser, url);
    const [worker] = page.workers();
    await worker!.evaluate(() => {
      WebAssembly.Memory.prototype.grow = () => {
        throw new RangeError("WebAssembly.Memory.grow(): Maximum memory size exceeded");
      };
    });
    await choose(page, { ...small, batchSize: "1024", trainSize: "1200", side: "48" });
    await page.click("#go");
    expect(await said(page, "fault")).toMatch(/^Memory is full\./);
    await status(page, /^(failed|idle)$/);
    await page.context().close();
  });

  test("a GPU that is lost: the run goes on from its last checkpoint", async () => {
    const flags = ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"];
    const withGpu = await launch(flags);
    const { page } = await openPage(
      withGpu,
      `${url}#s1=shapes,16,96,8,1,bn,nothing,adam,0.03,30,16,0`,
    );
    const backend = page.locator("#backend");
    const patient = { timeout: 120_000 };
    await expect
      .poll(() => backend.innerText(), patient)
      .toMatch(/Not WebGPU: its GPU is played by a program/);
    await page.getByRole("button", { name: "Use WebGPU" }).click();
    await expect.poll(() => backend.innerText(), patient).toMatch(/Computes on WebGPU/);
    await page.click("#go");
    await expect.poll(() => page.locator("#kept").innerText(), patient).toMatch(/up to step/);
    const devtools = await withGpu.newBrowserCDPSession();
    await devtools.send("Browser.crashGpuProcess" as never);
    expect(await said(page, "recovered")).toMatch(
      /The browser took the GPU away\. The run went on from its last checkpoint, step \d+, on /,
    );
    await page.waitForFunction(
      () => parseFloat(document.querySelector("#numbers dd")!.textContent!) > 0,
    );
    await withGpu.close();
  });

  test("in the background it goes on, and says so", async () => {
    const { page } = await openPage(browser, url);
    await choose(page, { ...small, epochs: "200" });
    await page.click("#go");
    await page.waitForFunction(
      () => parseFloat(document.querySelector("#numbers dd")!.textContent!) > 0,
    );
    const turn = (visibility: string): Promise<void> =>
      page.evaluate((now) => {
        Object.defineProperty(document, "visibilityState", { value: now, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
      }, visibility);
    await turn("hidden");
    await page.waitForTimeout(6000);
    await turn("visible");
    expect(await said(page, "away")).toMatch(
      /went on while this page was in the background: \d+ steps/,
    );
    await page.context().close();
  });
});
