import { reshape } from "@tensorflow/tfjs-core";
import { type Shape, sizeOf } from "../shape.ts";
import { defineLayer, type Layer } from "./layer.ts";

/** `[batch, …]` to `[batch, features]`. */
export function flatten(): Layer<Shape> {
  return defineLayer<Shape>({
    kind: "flatten",
    outline: (inputShape) => ({ outputShape: [sizeOf(inputShape)], macs: 0 }),
    forward(input) {
      const saved = input.shape;
      const output = reshape(input, [saved[0]!, -1]);
      input.dispose();
      return { output, saved };
    },
    backward(inputShape, outputGradient) {
      const gradient = reshape(outputGradient, [...inputShape]);
      outputGradient.dispose();
      return gradient;
    },
  });
}
