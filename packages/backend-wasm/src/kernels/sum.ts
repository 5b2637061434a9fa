import type { sumOp } from "@bn-only/frozen-layers";
import { type TensorInfo, util } from "@tensorflow/tfjs-core";
import type { WasmTrainingBackend } from "../backend.ts";
import type { Deferred } from "../deferred.ts";
import { cut } from "./elementwise.ts";
import type { WasmKernel } from "./kernel.ts";

// Host side of assembly/elementwise.ts: sums that wait for whoever reads them.

/** A sum of two tensors of one shape, which the gradient of a BatchNorm may compute on its way. */
export class DeferredSum implements Deferred {
  readonly summands: readonly [TensorInfo, TensorInfo];
  readonly #backend: WasmTrainingBackend;
  readonly #size: number;

  /** Keeps both alive. */
  constructor(backend: WasmTrainingBackend, a: TensorInfo, b: TensorInfo) {
    this.#backend = backend;
    this.#size = util.sizeFromShape(a.shape);
    // A chain of them would hold all that they add.
    if (backend.deferred(a) instanceof DeferredSum) backend.pointer(a);
    backend.pointer(b); // is read from memory anyway, and may hold more than it takes
    this.summands = [backend.keep(a), backend.keep(b)];
  }

  compute(pointer: number): void {
    const { chunks, chunkSize } = cut(this.#size);
    const [a, b] = this.summands.map((tensor) => this.#backend.pointer(tensor)) as [number, number];
    const args = { a, b, y: pointer, size: this.#size, chunkSize };
    this.#backend.run("addTensors", chunks, args);
  }

  release(): void {
    this.summands.forEach((tensor) => this.#backend.release(tensor));
  }
}

export const sum: WasmKernel<typeof sumOp> = ({ a, b }, _attributes, backend) => ({
  output: deferSum(backend, a, b),
});

/** a + b of one shape, computed when somebody asks for it. */
export function deferSum(backend: WasmTrainingBackend, a: TensorInfo, b: TensorInfo): TensorInfo {
  return backend.defer(a.shape, new DeferredSum(backend, a, b));
}
