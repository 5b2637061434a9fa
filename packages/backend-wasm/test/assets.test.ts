import { createServer, type Server } from "node:http";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { readKernels } from "../src/assets.ts";
import { WasmTrainingBackend } from "../src/backend.ts";
import { WasmBackendError } from "../src/errors.ts";
import { absolute } from "../src/platform.ts";
import type { WasmAssets } from "../src/wasm-assets.ts";

const folder = new URL("../kernels/", import.meta.url);

/** As development servers do: their page for every address that they do not know. */
let server: Server;
let address: string;
beforeAll(async () => {
  server = createServer((request, response) => {
    response.statusCode = request.url!.startsWith("/missing/") ? 404 : 200;
    response.end("<!doctype html><title>My page</title>");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());

test.each(["simd", "fma", "revec", "simd-shared", "fma-shared", "revec-shared"] as const)(
  "%s: the text inside the script is the file",
  async (name) => {
    expect(await readKernels(name, undefined)).toEqual(await readKernels(name, folder));
  },
);

test("the folder may be a path, with a slash at its end or without", async () => {
  const path = fileURLToPath(folder);
  const expected = await readKernels("simd", undefined);
  expect(await readKernels("simd", path)).toEqual(expected);
  expect(await readKernels("simd", path.replace(/\/$/, ""))).toEqual(expected);
});

test("the folder may have any letters in its name, and a URL something behind its path", async () => {
  const parent = mkdtempSync(join(tmpdir(), "bn-only-assets-"));
  try {
    const odd = join(parent, "a #1? 100%25");
    cpSync(folder, odd, { recursive: true });
    const expected = await readKernels("simd", undefined);
    expect(await readKernels("simd", odd)).toEqual(expected);
    expect(await readKernels("simd", relative(process.cwd(), odd))).toEqual(expected);
    expect(await readKernels("simd", pathToFileURL(odd))).toEqual(expected);
  } finally {
    rmSync(parent, { recursive: true });
  }
  await expect(readKernels("simd", `${address}/missing?v=3`)).rejects.toThrow(
    `kernels: cannot read ${address}/missing/simd.wasm?v=3 (`,
  );
});

test("a letter before a colon is a drive, not the scheme of a URL", () => {
  expect(absolute("C:\\kernels").protocol).toBe("file:");
  expect(absolute("data:text/javascript,0").protocol).toBe("data:");
});

test("a page in the place of the kernels is told from an engine without SIMD, with address and cure", async () => {
  const start = WasmTrainingBackend.create({ threads: 1, assets: { kernels: `${address}/app` } });
  await expect(start).rejects.toThrow(WasmBackendError);
  await expect(start).rejects.toThrow(
    `kernels: expected WebAssembly at ${address}/app/fma.wasm, got something that begins with "<!doctype html><title>My": ` +
      "a server's page instead of the file. Copy node_modules/@bn-only/backend-wasm/kernels/ there, or leave " +
      "assets.kernels out: the kernels are inside the script.",
  );
});

test("a file that is not there is told with its address and cure", async () => {
  const start = WasmTrainingBackend.create({
    threads: 1,
    assets: { kernels: `${address}/missing/` },
  });
  await expect(start).rejects.toThrow(
    `kernels: cannot read ${address}/missing/fma.wasm (the server answers 404). Copy node_modules/`,
  );
});

test("a thread may come from its file", async () => {
  const thread = new URL("../dist/bn-only-wasm-thread.js", import.meta.url);
  const backend = await WasmTrainingBackend.create({ threads: 2, assets: { thread } });
  expect(backend.threads).toBe(2);
  expect(backend.oneThreadBecause).toBe(undefined);
  backend.dispose();
});

test.each([
  [{ kernels: 3 }, "assets.kernels: expected a URL, got 3."],
  [{ worker: "a" }, 'assets: there is no option "worker". Options are kernels, thread.'],
  ["kernels/", 'assets: expected an object of options, { kernels, thread }, got "kernels/".'],
])("assets: %j is refused", async (assets, message) => {
  const start = WasmTrainingBackend.create({ assets: assets as object });
  await expect(start).rejects.toThrow(message);
});

test.each(["kernels", "thread"])("assets.%s: what is no address is refused", async (name) => {
  const start = WasmTrainingBackend.create({ threads: 2, assets: { [name]: "http://[" } });
  await expect(start).rejects.toThrow(WasmBackendError);
  await expect(start).rejects.toThrow('assets: expected a URL or a path, got "http://[');
});

describe("a machine so slow that a thread takes more than 10 seconds", () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
  afterEach(() => void vi.useRealTimers());

  async function startSlowly(assets: WasmAssets): Promise<WasmTrainingBackend> {
    const start = WasmTrainingBackend.create({ threads: 2, assets });
    const passing = setInterval(() => vi.advanceTimersByTime(11_000), 0);
    await start.finally(() => clearInterval(passing)).catch(() => {});
    return start;
  }

  test("the script of ours is waited for", async () => {
    const backend = await startSlowly({});
    expect(backend.threads).toBe(2);
    backend.dispose();
  });

  test("one at an address is not, and may be another", async () => {
    const thread = "data:text/javascript,setInterval(() => {}, 1000)";
    const start = startSlowly({ thread });
    await expect(start).rejects.toThrow("no answer in 10 s; is it another script?");
  });
});
