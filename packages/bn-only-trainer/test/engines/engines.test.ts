import { execFile, execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { chromium, firefox, noOtherNodes, otherNodes } from "@bn-only/testing/engines";
import { build } from "esbuild";
import { launch } from "puppeteer-core";
import sirv from "sirv";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

// The binary without fused multiply-add gives the same bits in every engine and on any number of
// threads. What a machine does not have is skipped, and says so.

interface TrainedBits {
  readonly description: string;
  readonly threads: number;
  readonly losses: readonly number[];
  readonly fingerprint: string;
}

const program = fileURLToPath(new URL("program.js", import.meta.url));

async function inNode(node: string, threads: number, options?: object): Promise<TrainedBits> {
  const script = `import { trainedBits } from ${JSON.stringify(program)};
    console.log(JSON.stringify(await trainedBits(${threads}, ${JSON.stringify(options)})));`;
  const { stdout } = await promisify(execFile)(node, ["--input-type=module", "-e", script]);
  return JSON.parse(stdout.trim().split("\n").at(-1)!) as TrainedBits;
}

let bits: Pick<TrainedBits, "losses" | "fingerprint">;
beforeAll(async () => {
  const { losses, fingerprint } = await inNode(process.execPath, 1);
  expect(losses).toHaveLength(25);
  expect(losses[24]!).toBeLessThan(losses[0]!);
  bits = { losses, fingerprint };
});

test.each([2, 3, 8])("Node: the same bits on %d threads", async (threads) => {
  expect(await inNode(process.execPath, threads)).toMatchObject({ ...bits, threads });
});

const nodes = otherNodes.length > 0 ? otherNodes : [`other Nodes, skipped: ${noOtherNodes}`];
test.skipIf(otherNodes.length === 0).each(nodes)("the same bits in %s", async (node) => {
  expect(await inNode(node, 2)).toMatchObject({ ...bits, threads: 2 });
});

const version = (node: string): number =>
  Number.parseInt(execFileSync(node, ["--version"], { encoding: "utf8" }).slice(1), 10);
const able = otherNodes.filter((node) => version(node) >= 24);
test.skipIf(able.length === 0).each(able.length > 0 ? able : ["skipped: no Node 24 or newer"])(
  "kernels in pairs of vectors give the bits of the plain ones in %s",
  async (node) => {
    const { description, ...actual } = await inNode(node, 2, { revec: true });
    expect(description).toContain("SIMD with FMA of 256 bits");
    const { description: _plain, ...expected } = await inNode(node, 2, { fma: true });
    expect(actual).toEqual(expected);
  },
);

const browsers = [
  ["Chromium", "chrome", chromium],
  ["Firefox", "firefox", firefox],
] as const;

describe.each(browsers)("%s", (_name, browser, executablePath) => {
  const missing = !existsSync(executablePath);
  const reason = missing ? `, skipped: there is no ${executablePath}` : "";
  let server: Server | undefined;
  let address: string;

  beforeAll(async () => {
    if (missing) return;
    const serve = sirv(await pageFolder());
    server = createServer((request, response) => {
      // Threads share memory only on pages that are isolated from other origins.
      if (!request.url!.endsWith("?open")) {
        response.setHeader("cross-origin-opener-policy", "same-origin");
        response.setHeader("cross-origin-embedder-policy", "require-corp");
      }
      serve(request, response);
    });
    await new Promise<void>((resolve) => server!.listen(0, "127.0.0.1", resolve));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => void server?.close());

  test.skipIf(missing).each([
    ["an isolated page, 1 thread", "/index.html", 1, 1],
    ["an isolated page, 2 threads", "/index.html", 2, 2],
    ["any other page, 1 thread for want of shared memory", "/index.html?open", 2, 1],
  ])(`the same bits on %s${reason}`, async (_, page, wanted, threads) => {
    const actual = await inBrowser(browser, executablePath, address + page, wanted);
    expect(actual).toMatchObject({ ...bits, threads });
  });
});

/** A folder with the program, bundled: there is no other file to serve. */
async function pageFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "engines-"));
  await build({
    entryPoints: [program],
    outdir: join(folder, "dist"),
    bundle: true,
    splitting: true,
    format: "esm",
    logLevel: "error",
  });
  await writeFile(join(folder, "index.html"), "<!doctype html><title>bits</title>");
  return folder;
}

async function inBrowser(
  browser: "chrome" | "firefox",
  executablePath: string,
  url: string,
  threads: number,
): Promise<TrainedBits> {
  const args = browser === "chrome" ? ["--no-sandbox", "--disable-background-networking"] : [];
  const running = await launch({ browser, executablePath, args, headless: true });
  try {
    const page = await running.newPage();
    await page.goto(url);
    const run = `import("./dist/program.js").then(({ trainedBits }) => trainedBits(${threads}))`;
    return (await page.evaluate(run)) as TrainedBits;
  } finally {
    await running.close();
  }
}
