import { TensorflowError } from "@bn-only/backend-tensorflow";
import { WasmBackendError } from "@bn-only/backend-wasm";
import { WebgpuError } from "@bn-only/backend-webgpu";
import { BackendError } from "@bn-only/backends";
import { DatasetError } from "@bn-only/datasets";
import { FrozenLayersError } from "@bn-only/frozen-layers";
import { ZooError } from "@bn-only/resnet-zoo";
import { TrainerError } from "@bn-only/trainer";

const bases = [
  BackendError,
  DatasetError,
  FrozenLayersError,
  TensorflowError,
  TrainerError,
  WasmBackendError,
  WebgpuError,
  ZooError,
];

/** Whether a package of ours threw it on purpose. */
export function isOurs(error: unknown): error is Error {
  return bases.some((base) => base.isInstance(error));
}
