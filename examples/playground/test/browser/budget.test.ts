import { describe, expect, inject, test } from "vitest";
import { gzipSync } from "node:zlib";
import { launch, missing, openPage, status } from "./playground.ts";

describe.skipIf(missing)(`what the page loads${missing}`, () => {
  test("under 400 KB of gzip before WASM, none of it from elsewhere, tfjs after the first paint", async () => {
    const url = inject("isolated");
    const browser = await launch();
    const context = await browser.newContext();
    const page = await context.newPage();
    const loaded: { path: string; bytes: Buffer }[] = [];
    const waiting: Promise<void>[] = [];
    context.on("response", (response) => {
      const path = new URL(response.url()).pathname;
      waiting.push(
        response.body().then(
          (bytes) => void loaded.push({ path, bytes }),
          () => undefined,
        ),
      );
    });
    await page.goto(url);
    const [paint, worker] = await page.evaluate(async () => {
      while (performance.getEntriesByName("first-contentful-paint").length === 0) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      const first = performance.getEntriesByName("first-contentful-paint")[0]!.startTime;
      const begun = (): number | undefined =>
        performance.getEntriesByType("resource").find(({ name }) => name.includes("worker"))
          ?.startTime;
      while (begun() === undefined) await new Promise((resolve) => setTimeout(resolve, 20));
      return [first, begun()!];
    });
    // The worker is asked for in a task after the first frame.
    expect(worker).toBeGreaterThan(0);
    expect(paint).toBeGreaterThan(0);
    await status(page, /^idle$/);
    await expect
      .poll(() => page.locator("#backend").innerText(), { timeout: 60_000 })
      .toMatch(/Computes on/);
    await Promise.all(waiting);
    const packed = loaded
      .filter(({ path }) => !path.endsWith(".wasm"))
      .reduce((sum, { bytes }) => sum + gzipSync(bytes).length, 0);
    console.log(`the page loads ${Math.round(packed / 1000)} KB of gzip before WASM`);
    expect(packed).toBeGreaterThan(50_000);
    expect(packed).toBeLessThan(400_000);
    await browser.close();
    const page2 = await launch();
    const { foreign, faults } = await openPage(page2, url);
    expect([...foreign, ...faults]).toEqual([]);
    await page2.close();
  });
});
