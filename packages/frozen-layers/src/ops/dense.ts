import type { Tensor, Tensor1D, Tensor2D } from "@tensorflow/tfjs-core";
import { ShapeError } from "../errors.ts";
import { assertRank, assertShape, assertShapeIfAny } from "../shape.ts";
import { defineOp, type Op } from "./op.ts";

export type DenseInputs = {
  /** `[batch, inputs]` */
  readonly input: Tensor;
  /** `[inputs, outputs]` */
  readonly kernel: Tensor;
  /** `[outputs]` */
  readonly bias?: Tensor | undefined;
};

/** `output = input · kernel + bias`, `[batch, outputs]`. */
export const denseOp: Op<DenseInputs, object, { readonly output: Tensor2D }> = defineOp({
  name: "BnOnlyDense",
  check({ input, kernel, bias }) {
    assertRank("dense: input", input.shape, "[batch,inputs]", 2);
    assertRank("dense: kernel", kernel.shape, "[inputs,outputs]", 2);
    assertShape("dense", "kernel", kernel, [input.shape[1]!, kernel.shape[1]!]);
    assertShapeIfAny("dense", "bias", bias, [kernel.shape[1]!]);
  },
});

export type DenseGradientInputs = {
  readonly outputGradient: Tensor;
  readonly kernel: Tensor;
  /** Needed for the kernel's gradient only. */
  readonly input?: Tensor | undefined;
};

/** Which gradients are wanted. */
export type DenseWanted = {
  readonly input: boolean;
  readonly kernel: boolean;
  readonly bias: boolean;
};

export type DenseGradients = {
  /** `outputGradient · kernelᵀ` */
  readonly inputGradient?: Tensor2D | undefined;
  /** `inputᵀ · outputGradient` */
  readonly kernelGradient?: Tensor2D | undefined;
  /** The sum of the output gradient over the batch. */
  readonly biasGradient?: Tensor1D | undefined;
};

/** Those gradients of `dense` that are wanted. */
export const denseGradientOp: Op<DenseGradientInputs, DenseWanted, DenseGradients> = defineOp({
  name: "BnOnlyDenseGradient",
  check({ outputGradient, kernel, input }, wanted) {
    assertRank("denseGradient: kernel", kernel.shape, "[inputs,outputs]", 2);
    const [inputs, outputs] = kernel.shape as [number, number];
    const batch = outputGradient.shape[0]!;
    assertShape("denseGradient", "outputGradient", outputGradient, [batch, outputs]);
    assertShapeIfAny("denseGradient", "input", input, [batch, inputs]);
    if (!wanted.kernel || input) return;
    throw new ShapeError("denseGradient: the kernel's gradient needs the input, got none.");
  },
});
