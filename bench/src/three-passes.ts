import type { Conv2DGeometry } from "@bn-only/frozen-layers";
import { tidy } from "@tensorflow/tfjs-core";
import { compute } from "./compute.ts";
import { convolutionPasses } from "./convolution-passes.ts";

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
    const { forward, inputGradient, filterGradient, ...sizes } = convolutionPasses(
      inputShape,
      geometry,
    );
    const times = [forward, inputGradient, filterGradient].map((pass) =>
      best(() => {
        const output = pass();
        compute(output);
        output.dispose();
      }, steps),
    );
    return { times, ...sizes };
  });
}

/** Milliseconds of the fastest of `steps` runs. */
export function best(run: () => void, steps: number): number {
  const times = Array.from({ length: steps + WARM_UP }, () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  });
  return Math.min(...times.slice(WARM_UP));
}
