import type { WeightInitializer } from "./weights.ts";
import { roundedMap } from "./rounded-map.ts";

/** `N(0, 2 / fanIn)`, He et al. 2015, as `torch.nn.init.kaiming_normal_` with its defaults. */
export const kaimingNormal: WeightInitializer = ({ size, fanIn, stream }) =>
  stream.normalFloat32(size, Math.sqrt(2 / fanIn));

/** `U(-b, b)` with `b = √(6 / fanIn)`, as `torch.nn.init.kaiming_uniform_` with a = 0. */
export const kaimingUniform: WeightInitializer = ({ size, fanIn, stream }) => {
  const bound = Math.sqrt(6 / fanIn);
  return roundedMap(stream.uniform(size), (u) => (2 * u - 1) * bound);
};
