import type { Tensor } from "@tensorflow/tfjs-core";
import { runOp } from "../kernels/run-op.ts";
import {
  activationGradientOp,
  type ActivationKind,
  activationKinds,
  activationOp,
} from "../ops/activation.ts";
import { assertOneOf } from "../shape.ts";
import { identity } from "./identity.ts";
import { defineLayer, type Layer, needsBackward } from "./layer.ts";

/**
 * An activation by name: `relu`, `relu6` or `sigmoid`, which save their output, or `none`. After a
 * BatchNorm, say it there: `batchNorm(c, { activation: "relu" })` is one pass.
 *
 * @throws ShapeError for any other name.
 */
export function activation(kind: ActivationKind | "none"): Layer<Tensor | undefined> {
  assertOneOf("activation:", kind, [...activationKinds, "none"]);
  return kind === "none" ? identity() : activationLayer(kind);
}

function activationLayer(kind: ActivationKind): Layer<Tensor | undefined> {
  const layer: Layer<Tensor | undefined> = defineLayer<Tensor | undefined>({
    kind: "activation",
    options: { kind },
    activation: kind === "sigmoid" ? undefined : kind,
    outline: (inputShape) => ({ outputShape: inputShape, macs: 0 }),
    forward(input, pass) {
      const { output } = runOp(activationOp, { input }, { kind });
      return { output, saved: needsBackward(layer, pass) ? output.clone() : undefined };
    },
    backward(saved, outputGradient) {
      const output = saved!;
      const inputs = { outputGradient, output };
      const { inputGradient } = runOp(activationGradientOp, inputs, { kind });
      output.dispose();
      return inputGradient;
    },
  });
  return layer;
}
