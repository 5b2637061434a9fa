import type { Tensor } from "@tensorflow/tfjs-core";
import { ShapeError } from "../errors.ts";
import { runOp } from "../kernels/run-op.ts";
import { multiplyChannelsGradientOp, multiplyChannelsOp } from "../ops/multiply-channels.ts";
import { sumOp } from "../ops/sum.ts";
import { formatShape } from "../shape.ts";
import { assertLayer } from "./children.ts";
import { defineLayer, forwardThrough, hasTrainable, type Layer, needsBackward } from "./layer.ts";

interface Saved {
  readonly input: Tensor;
  readonly gate: Tensor;
  readonly branch: unknown;
}

/**
 * `y[b,i,j,c] = x[b,i,j,c] · gate(x)[b,c]`: the gate of squeeze-and-excitation (Hu et al. 2018,
 * arXiv 1709.01507). `gate` maps `[height, width, channels]` to `[channels]`, for example by
 * `globalAveragePool`, two `dense` and a sigmoid. Saves its input and the gate.
 *
 * @throws ShapeError when the gate does not give one number per channel.
 */
export function gated(gate: Layer): Layer<Saved> {
  assertLayer("gated: the gate", gate);
  const layer: Layer<Saved> = defineLayer<Saved>({
    kind: "gated",
    options: {},
    children: { gate },

    outline(inputShape) {
      const { outputShape, macs } = gate.outline(inputShape);
      const channels = inputShape.at(-1)!;
      if (inputShape.length !== 3 || formatShape(outputShape) !== formatShape([channels])) {
        throw new ShapeError(
          `gated: the gate of "${layer.path}" gives ${formatShape(outputShape)} for an input of ` +
            `${formatShape(inputShape)}, expected one number for each of its channels.`,
        );
      }
      return { outputShape: inputShape, macs };
    },

    forward(input, pass) {
      const result = forwardThrough(gate, input.clone(), pass);
      const { output } = runOp(multiplyChannelsOp, { input, gate: result.output }, {});
      if (needsBackward(layer, pass)) {
        return { output, saved: { input, gate: result.output, branch: result.saved } };
      }
      [input, result.output].forEach((tensor) => tensor.dispose());
      return { output, saved: undefined };
    },

    backward({ branch, ...saved }, outputGradient, pass) {
      const gradients = runOp(multiplyChannelsGradientOp, { ...saved, outputGradient }, {});
      [saved.input, saved.gate, outputGradient].forEach((tensor) => tensor.dispose());
      let side: Tensor | undefined;
      if (pass.inputGradient || hasTrainable(gate)) {
        side = gate.backward(branch, gradients.gateGradient, pass);
      } else gradients.gateGradient.dispose();
      if (pass.inputGradient) {
        return runOp(sumOp, { a: gradients.inputGradient, b: side! }, {}).output;
      }
      gradients.inputGradient.dispose();
      return undefined;
    },
  });
  return layer;
}
