import type { Tensor, Tensor1D, Tensor2D } from "@tensorflow/tfjs-core";
import { denseGradientReference, denseReference } from "../kernels/reference/dense.ts";
import { run } from "./dispatch.ts";

export const denseOps = {
  forward: { name: "BnOnlyDense", reference: denseReference },
  gradient: { name: "BnOnlyDenseGradient", reference: denseGradientReference },
} as const;

/** `y = x · kernel + bias`: `[batch, inputs]` to `[batch, outputs]`. */
export function dense(input: Tensor, kernel: Tensor, bias?: Tensor): Tensor2D {
  return run(denseOps.forward, { input, kernel, ...(bias && { bias }) }, {})[0] as Tensor2D;
}

/** Which gradients a layer asks for. */
export interface DenseWanted {
  readonly input: boolean;
  readonly kernel: boolean;
  readonly bias: boolean;
}

/** Gradients of `dense`: those that are wanted, in the order input, kernel, bias. */
export function denseGradient(
  outputGradient: Tensor,
  kernel: Tensor,
  input: Tensor | undefined,
  wanted: DenseWanted,
): { input?: Tensor2D; kernel?: Tensor2D; bias?: Tensor1D } {
  const inputs = { outputGradient, kernel, ...(input && { input }) };
  const outputs = run(denseOps.gradient, inputs, wanted);
  return {
    ...(wanted.input && { input: outputs.shift() as Tensor2D }),
    ...(wanted.kernel && { kernel: outputs.shift() as Tensor2D }),
    ...(wanted.bias && { bias: outputs.shift() as Tensor1D }),
  };
}
