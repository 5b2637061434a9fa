import {
  type Conv2DGeometry,
  conv2dFilterGradientOp,
  conv2dInputGradientOp,
  conv2dOp,
  prepareFilterOp,
  prepareRotatedFilterOp,
  runOp,
} from "@bn-only/frozen-layers";
import { randomNormal, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { compute } from "./compute.ts";

const WARM_UP = 5;

export interface ThreePasses {
  /** Best milliseconds of forward pass, input gradient and filter gradient. */
  readonly times: readonly number[];
  /** Numbers in the input and in the output. */
  readonly inputSize: number;
  readonly outputSize: number;
}

/** Times a convolution of random numbers, each pass `steps` times. */
export function timeThreePasses(
  inputShape: number[],
  geometry: Conv2DGeometry,
  steps: number,
): ThreePasses {
  return tidy(() => {
    const input = randomNormal(inputShape);
    const filter = randomNormal([...geometry.filterShape]);
    const forward = runOp(prepareFilterOp, { filter }, geometry);
    const rotated = runOp(prepareRotatedFilterOp, { filter }, geometry);
    const { output: outputGradient } = runOp(conv2dOp, { input, ...forward }, geometry);
    const attributes = { ...geometry, inputShape };
    const passes = [
      () => runOp(conv2dOp, { input, ...forward }, geometry).output,
      () => runOp(conv2dInputGradientOp, { outputGradient, ...rotated }, attributes).inputGradient,
      () => runOp(conv2dFilterGradientOp, { input, outputGradient }, geometry).filterGradient,
    ];
    const times = passes.map((pass) => best(pass, steps));
    return { times, inputSize: input.size, outputSize: outputGradient.size };
  });
}

function best(run: () => Tensor, steps: number): number {
  const times = Array.from({ length: steps + WARM_UP }, () => {
    const start = performance.now();
    const output = run();
    compute(output);
    const ms = performance.now() - start;
    output.dispose();
    return ms;
  });
  return Math.min(...times.slice(WARM_UP));
}
