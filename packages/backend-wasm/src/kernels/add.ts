import {
  getKernel,
  type KernelFunc,
  registerKernel,
  type TensorInfo,
  unregisterKernel,
  util,
} from "@tensorflow/tfjs-core";
import type { WasmTrainingBackend } from "../backend.ts";
import { itemsPerChunk } from "./plan.ts";

// Host side of assembly/elementwise.ts.

/** Below this a second thread costs more than it saves. */
const CHUNK = 1 << 14;

/**
 * tfjs's own `Add` where a residual block's backward pass needs it fast: two float32 tensors of the
 * same shape. Any other sum stays with the kernel that was registered before.
 */
export function registerAdd(backendName: string): void {
  const { kernelFunc: general } = getKernel("Add", backendName);
  const add: KernelFunc = (call) => {
    const { a, b } = call.inputs as { a: TensorInfo; b: TensorInfo };
    const plain =
      a.dtype === "float32" && b.dtype === "float32" && util.arraysEqual(a.shape, b.shape);
    return plain ? addSameShape(call.backend as WasmTrainingBackend, a, b) : general(call);
  };
  unregisterKernel("Add", backendName);
  registerKernel({ kernelName: "Add", backendName, kernelFunc: add });
}

function addSameShape(backend: WasmTrainingBackend, a: TensorInfo, b: TensorInfo): TensorInfo {
  const size = util.sizeFromShape(a.shape);
  const chunk = itemsPerChunk(size, CHUNK);
  const sum = backend.allocate(a.shape);
  backend.run("addTensors", Math.ceil(size / chunk), [
    ...[backend.pointer(a), backend.pointer(b), sum.pointer, size, chunk],
  ]);
  return sum.info;
}
