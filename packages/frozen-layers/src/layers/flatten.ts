import { reshape } from "@tensorflow/tfjs-core";
import { ShapeError } from "../errors.ts";
import { type Shape, sizeOf } from "../shape.ts";
import { defineLayer, type Layer } from "./layer.ts";

/** `[batch, …]` to `[batch, features]`. */
export function flatten(): Layer<Shape> {
  return defineLayer<Shape>({
    kind: "flatten",
    options: {},
    outline: (inputShape) => ({ outputShape: [sizeOf(inputShape)], macs: 0 }),
    forward(input) {
      const saved = input.shape;
      const [batch, ...inner] = saved;
      if (batch === undefined) throw new ShapeError("flatten: expected a batch, got a scalar.");
      const output = reshape(input, [batch, sizeOf(inner)]);
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
