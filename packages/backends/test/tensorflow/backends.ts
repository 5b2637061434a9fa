import { getBackend } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { inspectBackends, useBackend } from "../../src/index.ts";

test("useBackend tensorflow: says which TensorFlow it is", async () => {
  const choice = await useBackend("tensorflow");
  expect(choice.description).toMatch(/^tensorflow \(the CPU, TensorFlow \d+\.\d+\.\d+ in .+\)$/);
  expect(getBackend()).toBe("tensorflow");
});

test("inspectBackends: finds tensorflow beside the others, without CUDA", async () => {
  const reports = await inspectBackends();
  const works = reports.filter(({ available }) => available).map(({ name }) => name);
  expect(works).toContain("tensorflow");
  expect(works).toContain("wasm");
  expect(getBackend()).toBe("tensorflow");
});
