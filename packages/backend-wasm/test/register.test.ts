import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { findBackendFactory, removeBackend, setBackend, tensor } from "@tensorflow/tfjs-core";
import { afterEach, expect, test, vi } from "vitest";
import { backendName, registerWasmBackend, WasmBackendError } from "../src/index.ts";

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  if (findBackendFactory(backendName)) removeBackend(backendName);
});

test("registerWasmBackend: threads and fma are as asked", async () => {
  const backend = await registerWasmBackend({ threads: 3, fma: false });
  expect([backend.threads, backend.fma]).toEqual([3, false]);
});

test("registerWasmBackend: BN_ONLY_THREADS and BN_ONLY_FMA set the defaults", async () => {
  vi.stubEnv("BN_ONLY_THREADS", "2");
  vi.stubEnv("BN_ONLY_FMA", "0");
  const backend = await registerWasmBackend();
  expect([backend.threads, backend.fma]).toEqual([2, false]);
});

test.each([
  ["BN_ONLY_THREADS", "two", 'BN_ONLY_THREADS: expected a whole number from 1 to 64, got "two".'],
  ["BN_ONLY_FMA", "no", "BN_ONLY_FMA: expected 0 or 1, got no."],
  ["BN_ONLY_REVEC", "yes", "BN_ONLY_REVEC: expected 0 or 1, got yes."],
])("registerWasmBackend: %s=%s is an error", async (name, value, message) => {
  vi.stubEnv(name, value);
  await expect(registerWasmBackend()).rejects.toThrow(message);
});

test.each([0, 65, 1.5, Number.NaN])(
  "registerWasmBackend: %d threads are an error",
  async (threads) => {
    await expect(registerWasmBackend({ threads })).rejects.toThrow(
      `threads: expected a whole number from 1 to 64, got ${threads}.`,
    );
  },
);

test("registerWasmBackend: revec is true or false, and needs fma", async () => {
  await expect(registerWasmBackend({ revec: 1 as unknown as boolean })).rejects.toThrow(
    "revec: expected true or false, got 1.",
  );
  await expect(registerWasmBackend({ revec: true, fma: false })).rejects.toThrow(
    "revec: expected fma as well, got fma false. Leave one of them out.",
  );
  // --no-fma of a single run wins over the variable.
  vi.stubEnv("BN_ONLY_REVEC", "1");
  const { fma, revec } = await registerWasmBackend({ threads: 1, fma: false });
  expect([fma, revec]).toEqual([false, false]);
});

const old = Number.parseInt(process.versions.node, 10) < 24;
test.skipIf(!old)("registerWasmBackend: revec is refused before Node 24", async () => {
  await expect(registerWasmBackend({ revec: true })).rejects.toThrow(
    `revec: expected Node 24 or newer, whose V8 knows --experimental-wasm-revectorize, got ${process.version}.`,
  );
});

test("registerWasmBackend: twice is an error, again after removeBackend is not", async () => {
  await registerWasmBackend({ threads: 2 });
  await expect(registerWasmBackend()).rejects.toThrow(/registered already. Call tf.removeBackend/);
  removeBackend(backendName);
  const again = await registerWasmBackend({ threads: 1 });
  await setBackend(backendName);
  const tensors = tensor([1]);
  expect([again.threads, tensors.dataSync()[0]]).toEqual([1, 1]);
  tensors.dispose();
});

test("registerWasmBackend: without shared memory there is one thread", async () => {
  vi.stubGlobal("SharedArrayBuffer", undefined);
  expect(await registerWasmBackend({ threads: 4 })).toMatchObject({
    threads: 1,
    oneThreadBecause: "there is no SharedArrayBuffer",
  });
});

test("registerWasmBackend: an engine without fused multiply-add gets the other binary", async () => {
  const validate = WebAssembly.validate;
  const refusals = [false, false];
  vi.spyOn(WebAssembly, "validate").mockImplementation(
    (bytes) => refusals.pop() ?? validate(bytes),
  );
  expect((await registerWasmBackend({ threads: 1 })).fma).toBe(false);
});

test("registerWasmBackend: an engine without SIMD is told what it takes", async () => {
  vi.spyOn(WebAssembly, "validate").mockReturnValue(false);
  const promise = registerWasmBackend({ threads: 1 });
  await expect(promise).rejects.toThrow(WasmBackendError);
  await expect(promise).rejects.toThrow(
    /no WebAssembly SIMD. It needs Chrome or Edge 103, Firefox/,
  );
});

test("a process with idle threads exits by itself", () => {
  const index = fileURLToPath(new URL("../dist/index.js", import.meta.url));
  const script = `
    import { setBackend, tensor } from "@tensorflow/tfjs-core";
    import { registerWasmBackend } from ${JSON.stringify(index)};
    const { threads } = await registerWasmBackend({ threads: 4 });
    await setBackend("bn-wasm");
    console.log(threads, tensor([7]).dataSync()[0]);`;
  const cwd = fileURLToPath(new URL("..", import.meta.url));
  const output = execFileSync(process.execPath, ["--input-type=module", "-e", script], {
    cwd,
    timeout: 20_000,
    encoding: "utf8",
  });
  expect(output).toBe("4 7\n");
});

test("registerWasmBackend, twice at once: one is refused, and no kernel is registered twice", async () => {
  const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
  const results = await Promise.allSettled([
    registerWasmBackend({ threads: 1 }),
    registerWasmBackend({ threads: 1 }),
  ]);
  expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  expect(warn).not.toHaveBeenCalled();
});
