import type { RandomStream } from "../random/stream.ts";
import { roundedMap } from "./rounded-map.ts";

/** Initial gamma and beta of `size` channels. */
export interface BatchNormInitializer {
  gamma(size: number, stream: RandomStream): Float32Array;
  beta(size: number): Float32Array;
}

export type BatchNormInit = "uniform" | "fixed" | "oneOne" | "positiveNegative";

const constant = (value: number) => (size: number) => new Float32Array(size).fill(value);

/** Names and values are those of the paper's code (open_lth, `models/bn_initializers.py`). */
export const batchNormInitializers: Readonly<Record<BatchNormInit, BatchNormInitializer>> = {
  /** gamma ~ U[0, 1), beta = 0: the paper's main setting. */
  uniform: {
    gamma: (size, stream) => Float32Array.from(stream.uniform(size)),
    beta: constant(0),
  },
  /** gamma = 1, beta = 0 */
  fixed: { gamma: constant(1), beta: constant(0) },
  /** gamma = 1, beta = 1 */
  oneOne: { gamma: constant(1), beta: constant(1) },
  /** gamma ~ U[-1, 1), beta = 0 */
  positiveNegative: {
    gamma: (size, stream) => roundedMap(stream.uniform(size), (u) => 2 * u - 1),
    beta: constant(0),
  },
};
