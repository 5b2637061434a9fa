import type { Tensor } from "@tensorflow/tfjs-core";
import { defineLayer, type Layer } from "./layer.ts";

/** Gives its input as it is; saves nothing. */
export function identity(): Layer<undefined> {
  return defineLayer<undefined>({
    kind: "identity",
    options: {},
    outline: (inputShape) => ({ outputShape: inputShape, macs: 0 }),
    forward: (input: Tensor) => ({ output: input, saved: undefined }),
    backward: (_saved, outputGradient) => outputGradient,
  });
}
