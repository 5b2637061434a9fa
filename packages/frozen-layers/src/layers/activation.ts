import type { Tensor } from "@tensorflow/tfjs-core";
import { runOp } from "../kernels/run-op.ts";
import { activationGradientOp, type ActivationKind, activationOp } from "../ops/activation.ts";
import { defineLayer, type Layer, needsBackward } from "./layer.ts";

/** An activation by name: `relu`, `relu6` or `sigmoid`. Saves its output. */
export function activation(kind: ActivationKind): Layer<Tensor> {
  const layer: Layer<Tensor> = defineLayer<Tensor>({
    kind,
    outline: (inputShape) => ({ outputShape: inputShape, macs: 0 }),
    forward(input, pass) {
      const { output } = runOp(activationOp, { input }, { kind });
      return { output, saved: needsBackward(layer, pass) ? output.clone() : undefined };
    },
    backward(output, outputGradient) {
      const inputs = { outputGradient, output };
      const { inputGradient } = runOp(activationGradientOp, inputs, { kind });
      output.dispose();
      return inputGradient;
    },
  });
  return layer;
}
