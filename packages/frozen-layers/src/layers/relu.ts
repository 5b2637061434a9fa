import type { Tensor } from "@tensorflow/tfjs-core";
import { activation } from "./activation.ts";
import type { Layer } from "./layer.ts";

/** `max(x, 0)` on its own. After a BatchNorm, fuse it: `batchNorm(c, { activation: "relu" })`. */
export function relu(): Layer<Tensor | undefined> {
  return activation("relu");
}
