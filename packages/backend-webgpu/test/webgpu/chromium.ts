import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { layerCases } from "@bn-only/frozen-layers/conformance";
import { chromium } from "@bn-only/testing/engines";
import { build } from "esbuild";
import { launch } from "puppeteer-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fewCases, type Results } from "./browser/program.ts";

// Full Chromium, whose SwiftShader plays the GPU; a page from localhost is a secure one.

const missing = existsSync(chromium) ? "" : `, skipped: there is no ${chromium}`;
const swiftshader = ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"];
let folder: string;
let server: Server;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "webgpu-page-"));
  await build({
    entryPoints: [fileURLToPath(new URL("browser/program.ts", import.meta.url))],
    conditions: ["@bn-only/source"],
    outfile: join(folder, "program.js"),
    bundle: true,
    format: "esm",
    logLevel: "error",
  });
  await writeFile(join(folder, "index.html"), "<!doctype html><title>conformance</title>");
  server = createServer(async ({ url }, response) => {
    const file = url === "/program.js" ? "program.js" : "index.html";
    response.setHeader("content-type", file === "program.js" ? "text/javascript" : "text/html");
    response.end(await readFile(join(folder, file)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true });
});

/** What a script that imports the page's program gives, in a Chromium of its own. */
async function inChromium(
  { flags, host = "127.0.0.1" }: { readonly flags: readonly string[]; readonly host?: string },
  script: string,
): Promise<unknown> {
  const browser = await launch({
    executablePath: chromium,
    args: ["--no-sandbox", "--disable-background-networking", ...flags],
    headless: true,
    protocolTimeout: 600_000,
  });
  try {
    const page = await browser.newPage();
    await page.goto(`http://${host}:${(server.address() as AddressInfo).port}/`);
    return await page.evaluate(`import("/program.js").then((program) => program.${script})`);
  } finally {
    await browser.close();
  }
}

test.skipIf(missing)(
  `Chromium: conformance and layer gradients${missing}`,
  { timeout: 600_000 },
  async () => {
    const results = await inChromium({ flags: swiftshader }, "runConformance()");
    const { adapter, passed, failed } = results as Results;
    console.log(`${passed} passed, ${failed.length} failed in Chromium on ${adapter}`);
    expect(failed).toEqual([]);
    expect(passed).toBe(fewCases().length + layerCases().length);
  },
);

test.skipIf(missing)(`Chromium: a page that is not secure says so${missing}`, async () => {
  // Only localhost is secure without https.
  const flags = [...swiftshader, "--host-resolver-rules=MAP page.test 127.0.0.1"];
  expect(await inChromium({ flags, host: "page.test" }, "whyNot()")).toBe(
    "browsers have WebGPU on secure pages only; serve this one over https or from localhost",
  );
});

test.skipIf(missing)(`Chromium: WebGPU without an adapter names the flag${missing}`, async () => {
  expect(await inChromium({ flags: [] }, "whyNot()")).toBe(
    "there is WebGPU, but it finds no GPU: Chromium on Linux needs --enable-unsafe-webgpu; elsewhere chrome://gpu says what is missing",
  );
});
