import type { Tensor, Tensor1D } from "@tensorflow/tfjs-core";
import { ShapeError } from "../errors.ts";
import { assertChannels, formatShape, sizeOf } from "../shape.ts";
import { defineOp, type Op } from "./op.ts";

export type AddBiasInputs = {
  /** `[…, channels]` */
  readonly input: Tensor;
  /** `[channels]` */
  readonly bias: Tensor;
};

/** `output = input + bias` per channel. Owns its input. */
export const addBiasOp: Op<AddBiasInputs, object, { readonly output: Tensor }> = defineOp({
  name: "BnOnlyAddBias",
  owns: ["input"],
  check: ({ input, bias }) => assertChannels("addBias", input.shape, bias.shape),
});

/** The sum of the output gradient over all but the channels, `[channels]`. */
export const biasGradientOp: Op<
  { readonly outputGradient: Tensor },
  object,
  { readonly biasGradient: Tensor1D }
> = defineOp({
  name: "BnOnlyBiasGradient",
  check({ outputGradient: { shape } }) {
    if (shape.length > 0 && sizeOf(shape) > 0) return;
    throw new ShapeError(
      `biasGradient: expected an output gradient […,channels], got ${formatShape(shape)}.`,
    );
  },
});
