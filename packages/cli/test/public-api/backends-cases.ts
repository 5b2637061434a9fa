import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tensorflow from "@bn-only/backend-tensorflow";
import * as install from "@bn-only/backend-tensorflow/install";
import * as wasm from "@bn-only/backend-wasm";
import * as webgpu from "@bn-only/backend-webgpu";
import * as backends from "@bn-only/backends";
import { findBackendFactory, removeBackend, setBackend } from "@tensorflow/tfjs-core";
import { call, type Case, type Cases } from "./case.ts";

const empty = mkdtempSync(join(tmpdir(), "bn-only-walk-"));
const env = { BN_ONLY_BACKENDS: empty };

const candidate = (name: string): backends.BackendCandidate => ({
  name,
  couldWin: false,
  prepare: async () => "cpu",
  summary: () => "JavaScript",
});

/** The other cases compute on `cpu`. */
async function backOnCpu<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } finally {
    await setBackend("cpu");
  }
}

/** `auto` times what it finds, which takes seconds. */
const auto: Case["spare"] = ([argument, ...rest], wrong) =>
  argument === 0 && rest.length === 0 && wrong === "undefined";

let registered = 0;

export const backendsCases: Cases = {
  currentBackendName: call(backends.currentBackendName, () => []),
  selfTest: call(backends.selfTest, () => []),
  useBackend: call(
    (name: string, options: backends.UseBackendOptions) =>
      backOnCpu(() => backends.useBackend(name, options)),
    () => ["mine", { threads: 1, fma: true, candidates: [candidate("mine")] }],
    { options: [[1]], spare: auto },
  ),
  inspectBackends: call(
    (options: { candidates?: readonly backends.BackendCandidate[] }) =>
      backOnCpu(() => backends.inspectBackends(options)),
    () => [{ candidates: [{ ...candidate("auto") }] }],
    // Refused for its name: with a right one it times all backends, which the tests of backends do.
    {
      fails: true,
      options: [[0]],
      spare: (place, wrong) =>
        auto(place, wrong) ||
        place.includes("candidates") ||
        wrong === "empty object" ||
        wrong === "null prototype",
    },
  ),
  registerBackendCandidate: call(backends.registerBackendCandidate, () => [
    candidate(`walked-${registered++}`),
  ]),
};

export const wasmCases: Cases = {
  registerWasmBackend: call(
    async (options: wasm.WasmBackendOptions) => {
      if (findBackendFactory(wasm.backendName)) removeBackend(wasm.backendName);
      return void (await wasm.registerWasmBackend(options));
    },
    () => [{ threads: 1, fma: false }],
    { options: [[0]] },
  ),
  replaceWasmBackend: call(
    async (options: wasm.WasmBackendOptions) => {
      if (!findBackendFactory(wasm.backendName)) await wasm.registerWasmBackend({ threads: 1 });
      const { undo } = await wasm.replaceWasmBackend(options);
      await undo();
    },
    () => [{ threads: 1, fma: false }],
    { options: [[0]] },
  ),
  "WasmTrainingBackend.create": call(
    async (options: { threads: number; fma: boolean }) => {
      const backend = await wasm.WasmTrainingBackend.create(options);
      backend.dispose();
    },
    () => [{ threads: 1, fma: false }],
  ),
  detouringKernels: call(wasm.detouringKernels, () => []),
  detours: call(wasm.detours, () => []),
  onDetour: call(
    (listener: () => void) => wasm.onDetour(listener)(),
    () => [() => undefined],
  ),
};

/** With a GPU they work, and without one they say so. */
async function whereThereIsOne(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!webgpu.WebgpuError.isInstance(error)) throw error;
  } finally {
    if (findBackendFactory(webgpu.backendName)) removeBackend(webgpu.backendName);
  }
}

export const adapterCases: Cases = {
  describeAdapter: call(webgpu.describeAdapter, () => [
    { info: { vendor: "nvidia", architecture: "hopper", device: "", description: "NVIDIA H100" } },
  ]),
  requestAdapter: call(
    () => whereThereIsOne(webgpu.requestAdapter),
    () => [],
  ),
};

export const webgpuCases: Cases = {
  ...adapterCases,
  registerWebgpuBackend: call(
    () => whereThereIsOne(webgpu.registerWebgpuBackend),
    () => [],
  ),
};

export const tensorflowCases: Cases = {
  findTensorflow: call(tensorflow.findTensorflow, () => ["cuda"]),
  readInstallation: call(tensorflow.readInstallation, () => [empty]),
  tensorflowFolder: call(tensorflow.tensorflowFolder, () => ["cpu", env]),
  registerTensorflowBackend: call(
    (options: tensorflow.TensorflowBackendOptions) => tensorflow.registerTensorflowBackend(options),
    () => [{ device: "cuda", threads: 1 }],
    { fails: true, options: [[0]] },
  ),
  registerTensorflowKernels: call(
    tensorflow.registerTensorflowKernels,
    () => [{ compiledBatchNorm: false }],
    { options: [[0]] },
  ),
};

export const installCases: Cases = {
  installTensorflow: call(
    install.installTensorflow,
    () => [
      {
        device: "cpu",
        python: join(empty, "python3"),
        env,
        signal: new AbortController().signal,
        say: () => undefined,
      },
    ],
    // There is no such Python.
    { fails: true, options: [[0]] },
  ),
  describeTensorflow: call(install.describeTensorflow, () => [
    { env, signal: new AbortController().signal },
  ]),
  removeTensorflow: call(install.removeTensorflow, () => [{ device: "cpu", env }], {
    options: [[0]],
  }),
  tensorflowLines: call(install.tensorflowLines, () => [
    { installations: [], unreadable: [], oneDnn: undefined, gpus: [] },
  ]),
};
