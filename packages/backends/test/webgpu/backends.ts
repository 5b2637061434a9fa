import { type AdapterDescription, describeAdapter, requestAdapter } from "@bn-only/backend-webgpu";
import { backend } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { currentBackendName, inspectBackends, useBackend } from "../../src/index.ts";

// On a GPU or on SwiftShader: a software adapter works by its name, and auto passes over it.

let adapter: AdapterDescription;
let summary: string;
beforeAll(async () => {
  adapter = describeAdapter(await requestAdapter());
  summary = `WebGPU on ${adapter.name}${adapter.software ? ", a software adapter, for tests" : ""}`;
});

test("useBackend webgpu: says what it runs on, and passes the self-test", async () => {
  const { description } = await useBackend("webgpu");
  expect(description).toBe(`webgpu (${summary})`);
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
  expect(description).toContain(adapter.name);
  expect(backend()).not.toBe(lost);
});

test("useBackend auto: times a GPU, and never takes a software adapter", async () => {
  const { name, description, milliseconds } = await useBackend("auto");
  expect(Object.hasOwn(milliseconds, "webgpu")).toBe(!adapter.software);
  expect(adapter.software && name === "webgpu").toBe(false);
  const objection = `not webgpu: ${adapter.name} is a software adapter, slower than wasm; only backend webgpu by its name takes it`;
  expect(description.includes(objection)).toBe(adapter.software);
});

test("inspectBackends: reports it as one that works", async () => {
  const reports = await inspectBackends();
  const report = reports.find(({ name }) => name === "webgpu");
  expect(report).toMatchObject({ available: true, summary });
  expect(adapter.software && currentBackendName() === "webgpu").toBe(false);
});
