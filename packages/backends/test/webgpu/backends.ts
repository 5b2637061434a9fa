import { backend } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { currentBackendName, inspectBackends, useBackend } from "../../src/index.ts";

// On SwiftShader: a software adapter works by its name, and auto passes over it.

test("useBackend webgpu: says what it runs on, and passes the self-test", async () => {
  const { description } = await useBackend("webgpu");
  expect(description).toMatch(
    /^webgpu \(WebGPU on SwiftShader .+, a software adapter, for tests\)$/,
  );
  expect(currentBackendName()).toBe("webgpu");
  const running = backend();
  await useBackend("cpu");
  await useBackend("webgpu");
  expect(backend()).toBe(running);
});

test("useBackend webgpu: a lost device is an error of ours, and the next call starts another", async () => {
  await useBackend("webgpu");
  const lost = backend();
  (lost as unknown as { device: GPUDevice }).device.destroy();
  await (lost as unknown as { device: GPUDevice }).device.lost;
  const { description } = await useBackend("webgpu");
  expect(description).toContain("SwiftShader");
  expect(backend()).not.toBe(lost);
});

test("useBackend auto: never takes a software adapter", async () => {
  const { name, description } = await useBackend("auto");
  expect(name).not.toBe("webgpu");
  expect(description).toMatch(
    /not webgpu: SwiftShader .+ is a software adapter, slower than wasm; only backend webgpu by its name takes it/,
  );
});

test("inspectBackends: reports it as one that works", async () => {
  const reports = await inspectBackends();
  const { available, summary } = reports.find(({ name }) => name === "webgpu")!;
  expect(available).toBe(true);
  expect(summary).toContain("a software adapter, for tests");
  expect(currentBackendName()).not.toBe("webgpu");
});
