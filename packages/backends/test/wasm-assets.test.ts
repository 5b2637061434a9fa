import { backend, removeBackend } from "@tensorflow/tfjs-core";
import { expect, test, vi } from "vitest";
import { useBackend } from "../src/index.ts";

test("wasm: more threads than there can be do not start it again", async () => {
  vi.stubGlobal("SharedArrayBuffer", undefined);
  await useBackend("wasm", { threads: 4 });
  const first = backend();
  await useBackend("wasm", { threads: 4 });
  await useBackend("wasm", { threads: 3 });
  expect(backend()).toBe(first);
  vi.unstubAllGlobals();
  removeBackend("bn-wasm");
});

test("wasm: addresses that are named later are tried where there was only one thread", async () => {
  vi.stubEnv("BN_ONLY_THREADS", "2");
  vi.stubGlobal("SharedArrayBuffer", undefined);
  const first = await useBackend("wasm");
  expect(first.description).toContain("1 thread as there is no SharedArrayBuffer");
  vi.unstubAllGlobals();
  expect((await useBackend("wasm")).description).toContain("1 thread as");
  const script = new URL(import.meta.resolve("@bn-only/backend-wasm/package.json"));
  const thread = new URL("./dist/bn-only-wasm-thread.js", script);
  const second = await useBackend("wasm", { assets: { thread } });
  expect(second.description).toContain("2 threads");
});
