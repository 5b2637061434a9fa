import { gzipSync } from "node:zlib";
import { describe, expect, inject, test } from "vitest";
import { launch, missing, status } from "./playground.ts";

describe.skipIf(missing)(`what the page loads${missing}`, () => {
  test("under 400 KB of gzip before WASM, and under 40 KB before the first paint", async () => {
    const url = inject("isolated");
    const browser = await launch();
    const context = await browser.newContext();
    const page = await context.newPage();
    const sizes = new Map<string, number>();
    const waiting: Promise<unknown>[] = [];
    context.on("response", (response) => {
      const { pathname } = new URL(response.url());
      if (pathname.endsWith(".wasm")) return;
      const measured = response.body().then((bytes) => sizes.set(pathname, gzipSync(bytes).length));
      waiting.push(measured.catch(() => undefined));
    });
    await page.goto(url);
    await status(page, /^idle$/);
    await expect
      .poll(() => page.locator("#backend").innerText(), { timeout: 120_000 })
      .toMatch(/Computes on/);
    await Promise.all(waiting);
    // What the document itself names; the worker, and tfjs with it, comes after the first frame.
    const named = await page.evaluate(() =>
      [
        ...document.querySelectorAll("script[src], link[rel=stylesheet], link[rel=modulepreload]"),
      ].map(
        (element) =>
          new URL(element.getAttribute("src") ?? element.getAttribute("href")!, location.href)
            .pathname,
      ),
    );
    const first = named.reduce((sum, path) => sum + (sizes.get(path) ?? Number.NaN), 0);
    const all = [...sizes.values()].reduce((sum, size) => sum + size, 0);
    console.log(`gzip: ${first} bytes before the first paint, ${all} in all before WASM`);
    expect(first).toBeLessThan(40_000);
    expect(all).toBeGreaterThan(first);
    expect(all).toBeLessThan(400_000);
    await browser.close();
  });
});
