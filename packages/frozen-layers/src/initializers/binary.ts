import type { WeightInitializer } from "./weights.ts";
import { roundedMap } from "./rounded-map.ts";

/** `sign(w) · σ(w)` of a Kaiming-normal tensor `w`, σ its unbiased standard deviation. */
export const binary: WeightInitializer = ({ size, fanIn, stream }) => {
  const scale = Math.sqrt(2 / fanIn);
  const weights = stream.normal(size, scale);
  let sum = 0;
  for (const weight of weights) sum += weight;
  const mean = sum / size;
  let squares = 0;
  for (const weight of weights) squares += (weight - mean) * (weight - mean);
  const deviation = size > 1 ? Math.sqrt(squares / (size - 1)) : scale;
  return roundedMap(weights, (weight) => (weight < 0 ? -deviation : deviation));
};
