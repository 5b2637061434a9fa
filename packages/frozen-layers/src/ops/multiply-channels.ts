import type { Tensor } from "@tensorflow/tfjs-core";
import { ShapeError } from "../errors.ts";
import { assertShape, formatShape } from "../shape.ts";
import { defineOp, type Op } from "./op.ts";

export type MultiplyChannelsInputs = {
  /** `[batch, height, width, channels]` */
  readonly input: Tensor;
  /** `[batch, channels]` */
  readonly gate: Tensor;
};

/** `output[b,i,j,c] = input[b,i,j,c] · gate[b,c]`: squeeze-and-excitation (Hu et al. 2018). */
export const multiplyChannelsOp: Op<MultiplyChannelsInputs, object, { readonly output: Tensor }> =
  defineOp({
    name: "BnOnlyMultiplyChannels",
    check: checkGate,
  });

export type MultiplyChannelsGradients = {
  readonly inputGradient: Tensor;
  readonly gateGradient: Tensor;
};

/** `outputGradient · gate`, and `Σ outputGradient · input` over height and width. */
export const multiplyChannelsGradientOp: Op<
  MultiplyChannelsInputs & { readonly outputGradient: Tensor },
  object,
  MultiplyChannelsGradients
> = defineOp({
  name: "BnOnlyMultiplyChannelsGradient",
  check(inputs) {
    checkGate(inputs);
    const { input, outputGradient } = inputs;
    assertShape("multiplyChannelsGradient", "outputGradient", outputGradient, input.shape);
  },
});

function checkGate({ input, gate }: MultiplyChannelsInputs): void {
  const [batch, , , channels] = input.shape;
  const fits = gate.rank === 2 && gate.shape[0] === batch && gate.shape[1] === channels;
  if (input.rank === 4 && fits) return;
  throw new ShapeError(
    `multiplyChannels: expected images [batch,height,width,channels] and a gate [batch,channels], got ` +
      `${formatShape(input.shape)} and ${formatShape(gate.shape)}.`,
  );
}
