import {
  type Conv2DGeometry,
  conv2dFilterGradientOp,
  conv2dInputGradientOp,
  conv2dOp,
  prepareFilterOp,
  prepareRotatedFilterOp,
  runOp,
} from "@bn-only/frozen-layers";
import { randomNormal, type Tensor } from "@tensorflow/tfjs-core";

/** A convolution of random numbers on the current backend; each pass gives a new tensor. */
export interface ConvolutionPasses {
  readonly forward: () => Tensor;
  readonly inputGradient: () => Tensor;
  readonly filterGradient: () => Tensor;
  /** Numbers in the input and in the output. */
  readonly inputSize: number;
  readonly outputSize: number;
}

export function convolutionPasses(
  inputShape: number[],
  geometry: Conv2DGeometry,
): ConvolutionPasses {
  const input = randomNormal(inputShape);
  const filter = randomNormal([...geometry.filterShape]);
  const forward = runOp(prepareFilterOp, { filter }, geometry);
  const rotated = runOp(prepareRotatedFilterOp, { filter }, geometry);
  const { output: outputGradient } = runOp(conv2dOp, { input, ...forward }, geometry);
  const attributes = { ...geometry, inputShape };
  return {
    forward: () => runOp(conv2dOp, { input, ...forward }, geometry).output,
    inputGradient: () =>
      runOp(conv2dInputGradientOp, { outputGradient, ...rotated }, attributes).inputGradient,
    filterGradient: () =>
      runOp(conv2dFilterGradientOp, { input, outputGradient }, geometry).filterGradient,
    inputSize: input.size,
    outputSize: outputGradient.size,
  };
}
