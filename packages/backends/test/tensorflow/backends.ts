import { expect, test } from "vitest";
import { currentBackendName, inspectBackends, useBackend } from "../../src/index.ts";

test("useBackend tensorflow: says which TensorFlow it is", async () => {
  const choice = await useBackend("tensorflow");
  expect(choice.description).toMatch(/^tensorflow \(the CPU, TensorFlow \d+\.\d+\.\d+ in .+\)$/);
  expect(currentBackendName()).toBe("tensorflow");
});

test("inspectBackends: finds tensorflow beside the others, without CUDA", async () => {
  const reports = await inspectBackends();
  const works = reports.filter(({ available }) => available).map(({ name }) => name);
  expect(works).toContain("tensorflow");
  expect(works).toContain("wasm");
});

test("useBackend auto: compares tensorflow with wasm and selects the faster", async () => {
  const { name, milliseconds } = await useBackend("auto");
  expect(Object.keys(milliseconds).sort()).toEqual(["tensorflow", "wasm"]);
  expect(milliseconds[name]).toBe(Math.min(...Object.values(milliseconds)));
  expect(currentBackendName()).toBe(name);
});

test("useBackend tensorflow: other threads than those of this process are an error", async () => {
  await expect(useBackend("tensorflow", { threads: 1 })).rejects.toThrow(
    "this process has loaded TensorFlow without a number of threads; 1 threads need a process of their own",
  );
});
