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

export type WeightInit = "kaimingNormal" | "kaimingUniform" | "orthogonal" | "binary";

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
