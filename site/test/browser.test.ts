import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium as executablePath } from "@bn-only/testing/engines";
import { chromium } from "playwright-core";
import { build, preview } from "vite";
import { afterAll, describe, expect, test } from "vitest";
import { pages } from "./support/pages.ts";

// Blocks that begin with `// page.js` run in Chromium, each with the `// worker.js` before it, built by Vite.

const missing = existsSync(executablePath) ? "" : `, skipped: there is no ${executablePath}`;
const headers = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};
const args = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"];

const programs = pages.flatMap(({ name, own, included }) =>
  ofPages([...included, ...own].map(({ code }) => code)).map(
    (program, i) => [`${name}, page ${i + 1}`, program] as const,
  ),
);

interface Program {
  readonly page: string;
  readonly worker: string;
}

function ofPages(codes: readonly string[]): Program[] {
  let worker = "";
  return codes.flatMap((code) => {
    if (code.startsWith("// worker.js\n")) worker = code;
    return code.startsWith("// page.js\n") ? [{ page: code, worker }] : [];
  });
}

describe.skipIf(missing)(`in Chromium${missing}`, async () => {
  // Below this folder, where the packages are found.
  const root = await mkdtemp(fileURLToPath(new URL(".readme-", import.meta.url)));
  afterAll(() => rm(root, { recursive: true }));

  test("there are such blocks", () => expect(programs.length).toBeGreaterThan(0));

  test.each(programs)("%s runs", async (_name, { page, worker }) => {
    await writeFile(join(root, "page.js"), `${page}\ndocument.title = "done";\n`);
    await writeFile(join(root, "worker.js"), worker);
    const script = '<script type="module" src="./page.js"></script>';
    await writeFile(join(root, "index.html"), `<!doctype html><html lang="en">${script}</html>`);
    const config = {
      root,
      configFile: false as const,
      logLevel: "error" as const,
      build: { target: "es2022" },
      worker: { format: "es" as const },
    };
    await build(config);
    const server = await preview({ ...config, preview: { headers, port: 0 } });
    const browser = await chromium.launch({ executablePath, args });
    try {
      const opened = await browser.newPage();
      const fault = new Promise<never>((_, reject) => opened.on("pageerror", reject));
      await opened.goto(server.resolvedUrls!.local[0]!);
      const done = opened.waitForFunction("document.title === 'done'", null, { timeout: 60_000 });
      await expect(Promise.race([done, fault])).resolves.toBeDefined();
      expect(await opened.evaluate("crossOriginIsolated")).toBe(true);
    } finally {
      await browser.close();
      await server.close();
    }
  });
});
