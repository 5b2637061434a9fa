import type { RandomStream } from "../random/stream.ts";
import { roundedMap } from "./rounded-map.ts";

/** Initial gamma and beta of `size` channels. */
export interface BatchNormInitializer {
  /** `[size]`; `stream` is that of the seed and of gamma's path. */
  gamma(size: number, stream: RandomStream): Float32Array;
  /** `[size]`; every choice has one number for all channels, so there is no stream. */
  beta(size: number): Float32Array;
}

/**
 * How gamma and beta are drawn:
 *
 * - `uniform`: gamma ~ U[0, 1), beta = 0, the paper's main setting
 * - `fixed`: gamma = 1, beta = 0
 * - `oneOne`: gamma = 1, beta = 1
 * - `positiveNegative`: gamma ~ U[−1, 1), beta = 0
 */
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
