import type { RandomStream } from "../random/stream.ts";
import { binary } from "./binary.ts";
import { kaimingNormal, kaimingUniform } from "./kaiming.ts";
import { orthogonal } from "./orthogonal.ts";
import { roundedMap } from "./rounded-map.ts";

/**
 * Fills a kernel `[…, inputs, outputs]` of `size` numbers; `fanIn` is the number of inputs that one
 * output sums over. Rounds to float32 once, at the end.
 */
export type WeightInitializer = (request: {
  readonly size: number;
  readonly fanIn: number;
  readonly stream: RandomStream;
}) => Float32Array;

/**
 * How convolution and dense kernels are drawn, where an output sums over `fanIn` inputs:
 *
 * - `kaimingNormal`: `N(0, 2 / fanIn)` (He et al. 2015), the paper's main setting
 * - `kaimingUniform`: `U(−b, b)` with `b = √(6 / fanIn)`
 * - `orthogonal`: semi-orthogonal with gain 1 (Saxe et al. 2013)
 * - `binary`: `sign(w) · σ(w)` of a `kaimingNormal` tensor w
 */
export type WeightInit = "kaimingNormal" | "kaimingUniform" | "orthogonal" | "binary";

/** What fills a kernel, by name. */
export const weightInitializers: Readonly<Record<WeightInit, WeightInitializer>> = {
  kaimingNormal,
  kaimingUniform,
  orthogonal,
  binary,
};

/** `U(-1/√fanIn, 1/√fanIn)`: PyTorch's default bias, which the paper's code leaves in place. */
export const biasUniform: WeightInitializer = ({ size, fanIn, stream }) => {
  const bound = Math.sqrt(fanIn);
  return roundedMap(stream.uniform(size), (u) => (2 * u - 1) / bound);
};
