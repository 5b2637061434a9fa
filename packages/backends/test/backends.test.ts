import { backend, engine, fill, getBackend, memory } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { backendNames, currentBackendName, inspectBackends, useBackend } from "../src/index.ts";

beforeAll(() => {
  process.env["BN_ONLY_BACKENDS"] = "/nowhere";
  process.env["VK_ICD_FILENAMES"] = "/nowhere";
});

test("useBackend: selects what it names and describes it in one line", async () => {
  for (const [name, tfjsName] of [
    ["cpu", "cpu"],
    ["tfjs-wasm", "wasm"],
    ["wasm", "bn-wasm"],
  ] as const) {
    const choice = await useBackend(name);
    expect(choice.name).toBe(name);
    expect(getBackend()).toBe(tfjsName);
    expect(currentBackendName()).toBe(name);
    expect(choice.description).toMatch(new RegExp(`^${name} \\(.+\\)$`));
  }
});

test("useBackend: one that is loaded already is selected again", async () => {
  await useBackend("wasm", { threads: 2 });
  const running = backend();
  for (const name of ["cpu", "wasm", "tfjs-wasm", "wasm"]) {
    await useBackend(name);
    expect(currentBackendName()).toBe(name);
  }
  expect(backend()).toBe(running);
});

test("useBackend: what is not installed says how to install it, and what ran runs on", async () => {
  await useBackend("wasm");
  await expect(useBackend("tensorflow")).rejects.toThrow(
    'backend: none works here. tensorflow: not installed; run "bn-only backend install tensorflow", or name the folder of a tfjs-node of your own in BN_ONLY_TFJS_NODE.',
  );
  expect(currentBackendName()).toBe("wasm");
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

test("useBackend wasm: works again after tf.engine().reset() and after a thread stopped", async () => {
  await useBackend("wasm", { threads: 2 });
  for (const lose of [() => engine().reset(), () => backend().dispose()]) {
    const lost = backend();
    lose();
    const { description } = await useBackend("wasm", { threads: 2 });
    expect(description).toContain("2 threads,");
    expect(backend()).not.toBe(lost);
    const ones = fill([3], 1);
    expect([...ones.dataSync()]).toEqual([1, 1, 1]);
    ones.dispose();
  }
});

test.each([0, 1.5, Number.NaN, -1, 65, "2"])(
  "useBackend: %s threads are an error, whatever the backend",
  async (threads) => {
    for (const name of backendNames) {
      await expect(useBackend(name, { threads: threads as number })).rejects.toThrow(
        `threads: expected a whole number from 1 to 64, got ${typeof threads === "string" ? `"${threads}"` : threads}.`,
      );
    }
  },
);

test("useBackend: fma is true or false", async () => {
  await expect(useBackend("wasm", { fma: "no" as unknown as boolean })).rejects.toThrow(
    'fma: expected true or false, got "no".',
  );
});

test.each([
  ["BN_ONLY_THREADS", "many", "a whole number from 1 to 64"],
  ["BN_ONLY_THREADS", "0", "a whole number from 1 to 64"],
  ["BN_ONLY_FMA", "no", "0 or 1"],
  ["BN_ONLY_REVEC", "no", "0 or 1"],
])(
  "useBackend: %s=%s is an error, and no reason to take a slow backend",
  async (name, value, expected) => {
    process.env[name] = value;
    try {
      await expect(useBackend()).rejects.toThrow(
        new RegExp(`${name}: expected ${expected}, got "?${value}"?\\.`),
      );
    } finally {
      delete process.env[name];
    }
  },
);

test("useBackend auto: what is alone in being able to win is taken untimed", async () => {
  const { name, milliseconds, description } = await useBackend();
  expect(name).toBe("wasm");
  expect(milliseconds).toEqual({});
  expect(description).toMatch(
    /^wasm \(WebAssembly, .+\); not cuda: this machine has no NVIDIA driver; not tensorflow: not installed; run .+$/,
  );
});

test("useBackend: an unknown name gets the valid ones", async () => {
  await expect(useBackend("wsam")).rejects.toThrow(
    `backend: "wsam" does not exist; did you mean "wasm"? Choose one of ${backendNames.join(", ")}.`,
  );
});

test("inspectBackends: reports all in order, and leaves what auto takes selected", async () => {
  const reports = await inspectBackends();
  expect(reports.map(({ name }) => name)).toEqual([
    "cuda",
    "tensorflow",
    "webgpu",
    "wasm",
    "tfjs-wasm",
    "cpu",
  ]);
  for (const { name, available, reason } of reports) {
    expect(available).toBe(!["cuda", "tensorflow", "webgpu"].includes(name));
    expect(reason === "").toBe(available);
  }
  expect(currentBackendName()).toBe("wasm");
});

test("useBackend: trying leaves no tensors", async () => {
  await useBackend("wasm");
  const before = memory().numTensors;
  await useBackend("cpu");
  await useBackend("wasm");
  expect(memory().numTensors).toBe(before);
});
