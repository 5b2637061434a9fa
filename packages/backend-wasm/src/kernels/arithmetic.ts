import {
  getKernel,
  type KernelFunc,
  registerKernel,
  type TensorInfo,
  unregisterKernel,
  util,
} from "@tensorflow/tfjs-core";
import type { sumOp } from "@bn-only/frozen-layers";
import type { WasmTrainingBackend } from "../backend.ts";
import type { Deferred } from "../deferred.ts";
import { runJob, type WasmKernel } from "./kernel.ts";
import { itemsPerChunk, type Job } from "./plan.ts";

// Host side of assembly/elementwise.ts: the op `sum`, and tfjs's own `Add` and `Multiply` where a
// training step needs them fast. Any other sum or product stays with the kernel that was registered
// before.

/** Below this a second thread costs more than it saves. */
const CHUNK = 1 << 14;

/** A sum of two tensors of one shape, which the gradient of a BatchNorm may compute on its way. */
export class DeferredSum implements Deferred {
  readonly a: number;
  readonly b: number;
  readonly #backend: WasmTrainingBackend;
  readonly #summands: readonly TensorInfo[];
  readonly #size: number;

  /** Keeps both alive. */
  constructor(backend: WasmTrainingBackend, a: TensorInfo, b: TensorInfo) {
    this.#backend = backend;
    this.#summands = [a, b];
    this.#size = util.sizeFromShape(a.shape);
    this.a = backend.pointer(a);
    this.b = backend.pointer(b);
    backend.incRef(a.dataId);
    backend.incRef(b.dataId);
  }

  compute(pointer: number): void {
    runJob(this.#backend, elementwise("addTensors", this.a, this.b, pointer, this.#size));
  }

  release(): void {
    this.#summands.forEach((tensor) => this.#backend.release(tensor));
  }
}

export const sum: WasmKernel<typeof sumOp> = ({ a, b }, _attributes, backend) => ({
  output: deferSum(backend, a, b),
});

function deferSum(backend: WasmTrainingBackend, a: TensorInfo, b: TensorInfo): TensorInfo {
  return backend.defer(a.shape, new DeferredSum(backend, a, b));
}

/** The standard kernels must be registered. */
export function registerArithmetic(backendName: string): void {
  specialise("Add", backendName, (backend, a, b) =>
    sameShape(a, b) ? deferSum(backend, a, b) : undefined,
  );
  specialise("Multiply", backendName, (backend, a, b) => {
    const scalar = util.sizeFromShape(b.shape) === 1 && b.shape.length <= a.shape.length;
    if (!scalar && !sameShape(a, b)) return undefined;
    const product = backend.allocate(a.shape);
    const kernel = scalar ? "multiplyByScalar" : "multiplyTensors";
    const [p, q] = [backend.pointer(a), backend.pointer(b)];
    runJob(backend, elementwise(kernel, p, q, product.pointer, util.sizeFromShape(a.shape)));
    return product.info;
  });
}

/** Puts `fast` before a kernel; it gets float32 tensors and may leave them to it. */
function specialise(
  kernelName: "Add" | "Multiply",
  backendName: string,
  fast: (backend: WasmTrainingBackend, a: TensorInfo, b: TensorInfo) => TensorInfo | undefined,
): void {
  const { kernelFunc: general } = getKernel(kernelName, backendName);
  const kernelFunc: KernelFunc = (call) => {
    const { a, b } = call.inputs as { a: TensorInfo; b: TensorInfo };
    const result =
      a.dtype === "float32" && b.dtype === "float32"
        ? fast(call.backend as WasmTrainingBackend, a, b)
        : undefined;
    return result ?? general(call);
  };
  unregisterKernel(kernelName, backendName);
  registerKernel({ kernelName, backendName, kernelFunc });
}

function sameShape(a: TensorInfo, b: TensorInfo): boolean {
  return util.arraysEqual(a.shape, b.shape);
}

function elementwise(kernel: string, a: number, b: number, output: number, size: number): Job {
  const chunk = itemsPerChunk(size, CHUNK);
  return { kernel, chunks: Math.ceil(size / chunk), args: [a, b, output, size, chunk] };
}
