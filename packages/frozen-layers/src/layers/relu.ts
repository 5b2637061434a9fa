import { type Tensor, mul, relu as runRelu, step } from "@tensorflow/tfjs-core";
import { defineLayer, type Layer, needsBackward } from "./layer.ts";

/** `max(x, 0)` on its own. After a BatchNorm, fuse it: `batchNorm(c, { activation: "relu" })`. */
export function relu(): Layer<Tensor> {
  const layer: Layer<Tensor> = defineLayer<Tensor>({
    kind: "relu",
    outline: (inputShape) => ({ outputShape: inputShape, macs: 0 }),
    forward(input, pass) {
      const output = runRelu(input);
      input.dispose();
      return { output, saved: needsBackward(layer, pass) ? output.clone() : undefined };
    },
    backward(output, outputGradient) {
      const mask = step(output);
      const gradient = mul(outputGradient, mask);
      [output, outputGradient, mask].forEach((tensor) => tensor.dispose());
      return gradient;
    },
  });
  return layer;
}
