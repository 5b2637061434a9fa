import type { Tensor } from "@tensorflow/tfjs-core";
import { ShapeError } from "../errors.ts";
import { runOp } from "../kernels/run-op.ts";
import { concatChannelsOp, splitChannelsOp } from "../ops/channels.ts";
import { sumOp } from "../ops/sum.ts";
import { formatShape } from "../shape.ts";
import { assertChildren } from "./children.ts";
import { defineLayer, forwardThrough, hasTrainable, type Layer } from "./layer.ts";

interface Saved {
  readonly branches: readonly unknown[];
  readonly channels: readonly number[];
}

/**
 * Runs every branch on the same input and joins their outputs along the channels, as in DenseNet
 * and Inception.
 *
 * @throws ShapeError when the branches' outputs differ in more than their channels.
 */
export function concat(branches: Readonly<Record<string, Layer>>): Layer<Saved> {
  assertChildren("concat", branches);
  const layers = Object.values(branches);
  if (layers.length === 0) throw new ShapeError("concat: expected at least one branch, got none.");

  const layer: Layer<Saved> = defineLayer<Saved>({
    kind: "concat",
    options: {},
    children: branches,

    outline(inputShape) {
      const outlines = layers.map((branch) => branch.outline(inputShape));
      const shapes = outlines.map((outline) => outline.outputShape);
      const sizes = new Set(shapes.map((shape) => formatShape(shape.slice(0, -1))));
      if (sizes.size > 1) {
        throw new ShapeError(
          `concat: the branches of "${layer.path}" give ${shapes.map(formatShape).join(" and ")}; ` +
            `they may differ in channels only.`,
        );
      }
      const channels = shapes.reduce((sum, shape) => sum + shape.at(-1)!, 0);
      return {
        outputShape: [...shapes[0]!.slice(0, -1), channels],
        macs: outlines.reduce((sum, outline) => sum + outline.macs, 0),
      };
    },

    forward(input, pass) {
      const results = layers.map((branch) => forwardThrough(branch, input.clone(), pass));
      input.dispose();
      const outputs = results.map((result) => result.output);
      const { output } = runOp(concatChannelsOp, outputs, {});
      const channels = outputs.map((tensor) => tensor.shape.at(-1)!);
      outputs.forEach((tensor) => tensor.dispose());
      return { output, saved: { branches: results.map((result) => result.saved), channels } };
    },

    backward(saved, outputGradient, pass) {
      const inputs = { input: outputGradient };
      const parts = runOp(splitChannelsOp, inputs, { sizes: saved.channels });
      outputGradient.dispose();
      const gradients: Tensor[] = [];
      layers.forEach((branch, i) => {
        if (!pass.inputGradient && !hasTrainable(branch)) return parts[i]!.dispose();
        const gradient = branch.backward(saved.branches[i], parts[i]!, pass);
        if (gradient) gradients.push(gradient);
      });
      if (!pass.inputGradient) return undefined;
      return gradients.reduce((a, b) => runOp(sumOp, { a, b }, {}).output);
    },
  });
  return layer;
}
