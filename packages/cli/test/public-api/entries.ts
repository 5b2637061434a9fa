import * as tensorflow from "@bn-only/backend-tensorflow";
import * as install from "@bn-only/backend-tensorflow/install";
import * as wasm from "@bn-only/backend-wasm";
import * as webgpu from "@bn-only/backend-webgpu";
import * as webgpuAdapter from "@bn-only/backend-webgpu/adapter";
import * as backends from "@bn-only/backends";
import * as backendTesting from "@bn-only/backends/testing";
import * as datasets from "@bn-only/datasets";
import * as datasetTesting from "@bn-only/datasets/testing";
import * as layers from "@bn-only/frozen-layers";
import * as conformance from "@bn-only/frozen-layers/conformance";
import * as reference from "@bn-only/frozen-layers/reference";
import * as zoo from "@bn-only/resnet-zoo";
import * as zooTesting from "@bn-only/resnet-zoo/testing";
import * as trainer from "@bn-only/trainer";
import * as worker from "@bn-only/trainer/worker";
import {
  adapterCases,
  backendsCases,
  installCases,
  tensorflowCases,
  wasmCases,
  webgpuCases,
} from "./backends-cases.ts";
import { datasetsCases } from "./datasets-cases.ts";
import { layersCases } from "./layers-cases.ts";
import { opsCases } from "./ops-cases.ts";
import { trainerCases, workerCases } from "./trainer-cases.ts";
import { zooCases } from "./zoo-cases.ts";
import type { Cases } from "./case.ts";
import { factoryCases } from "./factory-cases.ts";

export interface Entry {
  readonly exports: Readonly<Record<string, unknown>>;
  readonly cases: Cases;
  /** What is no user's to call, and why. */
  readonly spared?: Readonly<Record<string, string>>;
}

const contract = "tfjs and kernels call it, by the contract of a tfjs backend";
const kernels = "kernels call it with tensors that an op has checked";

/** Tests of contributors call them, with values that a compiler has seen. */
function testKit(exports: Entry["exports"]): Entry {
  const spared = Object.keys(exports).map((name) => [name, "tests of contributors call it"]);
  return { exports, cases: {}, spared: Object.fromEntries(spared) };
}

export const entries: Readonly<Record<string, Entry>> = {
  "@bn-only/backend-tensorflow": { exports: tensorflow, cases: tensorflowCases },
  "@bn-only/backend-tensorflow/install": {
    exports: install,
    cases: installCases,
  },
  "@bn-only/backend-wasm": {
    exports: wasm,
    cases: wasmCases,
    spared: Object.fromEntries(
      ["WasmTrainingBackend", ...methodsOf("WasmTrainingBackend", wasm.WasmTrainingBackend)]
        .filter((name) => name !== "WasmTrainingBackend.create")
        .map((name) => [name, contract]),
    ),
  },
  "@bn-only/backend-webgpu": { exports: webgpu, cases: webgpuCases },
  "@bn-only/backend-webgpu/adapter": { exports: webgpuAdapter, cases: adapterCases },
  "@bn-only/backends": { exports: backends, cases: backendsCases },
  "@bn-only/backends/testing": testKit(backendTesting),
  "@bn-only/datasets/testing": testKit(datasetTesting),
  "@bn-only/resnet-zoo/testing": testKit(zooTesting),
  "@bn-only/datasets": { exports: datasets, cases: datasetsCases },
  "@bn-only/frozen-layers": {
    exports: layers,
    cases: { ...factoryCases, ...layersCases, ...opsCases },
  },
  "@bn-only/frozen-layers/conformance": {
    exports: conformance,
    cases: {},
    spared: Object.fromEntries(
      Object.keys(conformance).map((name) => [name, "tests of backends call it"]),
    ),
  },
  "@bn-only/frozen-layers/reference": {
    exports: reference,
    cases: {},
    spared: Object.fromEntries(Object.keys(reference).map((name) => [name, kernels])),
  },
  "@bn-only/resnet-zoo": { exports: zoo, cases: zooCases },
  "@bn-only/trainer/worker": { exports: worker, cases: workerCases },
  "@bn-only/trainer": {
    exports: trainer,
    cases: trainerCases,
    spared: {
      ...Object.fromEntries(
        Object.keys(backends).map((name) => [name, "walked as an export of backends"]),
      ),
      "Learner.update": "trainingStep calls it",
      "Learner.commit": "trainingStep calls it",
      "Learner.dispose": "it takes nothing",
    },
  },
};

/** Static and inherited methods of a class, `Network.predict`. */
export function methodsOf(name: string, kind: Function): string[] {
  const methods = (holder: object): string[] =>
    Object.entries(Object.getOwnPropertyDescriptors(holder))
      .filter(([key, { value }]) => typeof value === "function" && key !== "constructor")
      .map(([key]) => `${name}.${key}`);
  const found = methods(kind);
  for (
    let prototype = kind.prototype as object;
    prototype !== Object.prototype;
    prototype = Object.getPrototypeOf(prototype) as object
  ) {
    found.push(...methods(prototype));
  }
  return [...new Set(found)];
}
