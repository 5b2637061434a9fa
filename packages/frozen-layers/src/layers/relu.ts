import type { Layer } from "./layer.ts";
import { activation } from "./activation.ts";
import type { Tensor } from "@tensorflow/tfjs-core";

/** `max(x, 0)` on its own. After a BatchNorm, fuse it: `batchNorm(c, { activation: "relu" })`. */
export function relu(): Layer<Tensor> {
  return activation("relu");
}
