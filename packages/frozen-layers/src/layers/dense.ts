import type { Tensor } from "@tensorflow/tfjs-core";
import { ShapeError } from "../errors.ts";
import { runOp } from "../kernels/run-op.ts";
import { denseGradientOp, denseOp } from "../ops/dense.ts";
import { Parameter } from "../parameters/parameter.ts";
import { assertFlag, assertOptions } from "../check.ts";
import { assertOneOf, assertWhole, formatShape, hint } from "../shape.ts";
import { defineLayer, type Layer } from "./layer.ts";

/** Options of `dense`; inputs and outputs are numbers of one image. */
export interface DenseOptions {
  readonly inputs: number;
  readonly outputs: number;
  /** Default true. */
  readonly bias?: boolean | undefined;
  /** `conv` inside a network, where it counts as a 1x1 convolution. Default `head`, the output layer. */
  readonly role?: "head" | "conv" | undefined;
}

interface Saved {
  /** Kept only while the kernel trains. */
  readonly input?: Tensor;
}

/**
 * `y = x · kernel + bias`, `[batch, inputs]` to `[batch, outputs]`, kernel `[inputs, outputs]`: the
 * output layer ("head") of a network.
 */
export function dense(options: DenseOptions): Layer<Saved> {
  assertOptions("dense", options, { inputs: true, outputs: true, bias: true, role: true });
  const { inputs, outputs, bias = true, role = "head" } = options;
  assertWhole("dense: inputs", inputs, 1);
  assertWhole("dense: outputs", outputs, 1);
  assertOneOf("dense: role", role, ["head", "conv"]);
  assertFlag("dense: bias", bias);
  const kernel = new Parameter("kernel", `${role}.kernel`, [inputs, outputs], inputs);
  const biasParameter = bias ? new Parameter("bias", `${role}.bias`, [outputs], inputs) : undefined;

  const layer: Layer<Saved> = defineLayer<Saved>({
    kind: "dense",
    options: { inputs, outputs, bias, role },
    parameters: biasParameter ? [kernel, biasParameter] : [kernel],

    outline(inputShape) {
      if (inputShape.length !== 1 || inputShape[0] !== inputs) {
        throw new ShapeError(
          `dense: expected one input of shape [${inputs}], got ${formatShape(inputShape)}.${hint(layer.path)}`,
        );
      }
      return { outputShape: [outputs], macs: inputs * outputs };
    },

    forward(input, pass) {
      const values = { input, kernel: kernel.value, bias: biasParameter?.value };
      const { output } = runOp(denseOp, values, {});
      if (pass.record && kernel.trainable) return { output, saved: { input } };
      input.dispose();
      return { output, saved: {} };
    },

    backward({ input }, outputGradient, pass) {
      const values = { outputGradient, kernel: kernel.value, input };
      const gradients = runOp(denseGradientOp, values, {
        input: pass.inputGradient,
        kernel: kernel.trainable,
        bias: biasParameter?.trainable ?? false,
      });
      if (gradients.kernelGradient) pass.gradients.set(kernel, gradients.kernelGradient);
      if (gradients.biasGradient) pass.gradients.set(biasParameter!, gradients.biasGradient);
      input?.dispose();
      outputGradient.dispose();
      return gradients.inputGradient;
    },
  });
  return layer;
}
