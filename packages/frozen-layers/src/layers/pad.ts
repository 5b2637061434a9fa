import { ShapeError } from "../errors.ts";
import { runOp } from "../kernels/run-op.ts";
import { padOp, sliceOp } from "../ops/slice.ts";
import { assertOptions } from "../check.ts";
import { assertWhole, formatShape, hint, type Shape } from "../shape.ts";
import { defineLayer, type Layer } from "./layer.ts";

/** Widths of the margin, default 0 each. */
export interface PadOptions {
  readonly top?: number | undefined;
  readonly bottom?: number | undefined;
  readonly left?: number | undefined;
  readonly right?: number | undefined;
}

/**
 * Zeros around `[height, width, channels]`, for paddings that differ from side to side, as
 * TensorFlow's SAME at stride 2. Saves nothing.
 *
 * @throws ShapeError when a width is not a whole number from 0.
 */
export function pad(options: PadOptions): Layer<Shape> {
  assertOptions("pad", options, { top: true, bottom: true, left: true, right: true });
  const { top = 0, bottom = 0, left = 0, right = 0 } = options;
  for (const [side, width] of Object.entries({ top, bottom, left, right })) {
    assertWhole(`pad: ${side}`, width, 0);
  }
  const layer: Layer<Shape> = defineLayer<Shape>({
    kind: "pad",
    options: { top, bottom, left, right },
    outline(inputShape) {
      const [height, width, channels] = inputShape;
      if (inputShape.length !== 3) {
        throw new ShapeError(
          `pad: expected one input of shape [height,width,channels], got ${formatShape(inputShape)}.${hint(layer.path)}`,
        );
      }
      return { outputShape: [height! + top + bottom, width! + left + right, channels!], macs: 0 };
    },
    forward(input) {
      const saved = input.shape;
      const paddings = [
        [0, 0] as const,
        [top, bottom] as const,
        [left, right] as const,
        [0, 0] as const,
      ];
      const { output } = runOp(padOp, { input }, { paddings, value: 0 });
      input.dispose();
      return { output, saved };
    },
    backward(size, outputGradient) {
      const attributes = { begin: [0, top, left, 0], size };
      const { output } = runOp(sliceOp, { input: outputGradient }, attributes);
      outputGradient.dispose();
      return output;
    },
  });
  return layer;
}
