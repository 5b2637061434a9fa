import { backend, getBackend } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { type BackendName, backendNames, inspectBackends, useBackend } from "../src/index.ts";

test("useBackend: selects what it names and describes it in one line", async () => {
  for (const [name, tfjsName] of [
    ["cpu", "cpu"],
    ["tfjs-wasm", "wasm"],
    ["wasm", "bn-wasm"],
  ] as const) {
    const choice = await useBackend(name);
    expect(choice.name).toBe(name);
    expect(getBackend()).toBe(tfjsName);
    expect(choice.description).toMatch(new RegExp(`^${name} \\(.+\\)$`));
  }
});

test("useBackend: what is not installed says how to install it", async () => {
  process.env["BN_ONLY_BACKENDS"] = "/nowhere";
  await expect(useBackend("tensorflow")).rejects.toThrow(
    'backend: none works here. tensorflow: not installed; run "bn-only backend install tensorflow".',
  );
});

test("useBackend wasm: takes threads and fma, and keeps a backend that has them", async () => {
  const { description } = await useBackend("wasm", { threads: 3, fma: false });
  expect(description).toBe("wasm (WebAssembly, 3 threads, SIMD)");
  const running = backend();
  await useBackend("wasm");
  expect(backend()).toBe(running);
  expect((await useBackend("wasm", { threads: 1 })).description).toContain("1 thread,");
  expect(backend()).not.toBe(running);
});

test("useBackend wasm: a thread count out of range is an error", async () => {
  await expect(useBackend("wasm", { threads: 0 })).rejects.toThrow(
    "wasm: threads: expected a whole number from 1 to 64, got 0",
  );
  await useBackend("wasm");
});

test("useBackend auto: takes the first that passes its self-test", async () => {
  expect((await useBackend()).name).toBe("wasm");
});

test("useBackend: an unknown name gets the valid ones", async () => {
  await expect(useBackend("wsam" as BackendName)).rejects.toThrow(
    `backend: "wsam" does not exist. Choose one of ${backendNames.join(", ")}.`,
  );
});

test("inspectBackends: reports all in order, and leaves what auto takes selected", async () => {
  const reports = await inspectBackends();
  expect(reports.map(({ name }) => name)).toEqual([
    "cuda",
    "tensorflow",
    "wasm",
    "tfjs-wasm",
    "cpu",
  ]);
  for (const { name, available, reason } of reports) {
    expect(available).toBe(name !== "cuda" && name !== "tensorflow");
    expect(reason === "").toBe(available);
  }
  expect(getBackend()).toBe("bn-wasm");
});

test("useBackend: an option out of range is named once, in one sentence", async () => {
  await expect(useBackend("wasm", { threads: 99 })).rejects.toThrow(
    /^backend: none works here\. wasm: threads: expected a whole number from 1 to 64, got 99\.$/,
  );
});
