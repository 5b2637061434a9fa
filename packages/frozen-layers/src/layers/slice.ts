import { show } from "@bn-only/errors";
import { runOp } from "../kernels/run-op.ts";
import { padOp, sliceOp } from "../ops/slice.ts";
import { ShapeError } from "../errors.ts";
import { assertOptions } from "../check.ts";
import { assertWhole, formatShape, hint, type Shape } from "../shape.ts";
import { defineLayer, type Layer } from "./layer.ts";

/**
 * A block of every image: `size` from `begin` on, both without the batch. Channels `[4, 8)` are
 * `slice({ begin: [0, 0, 4], size: [height, width, 4] })`. Saves nothing.
 *
 * @throws ShapeError when the block does not lie in the image.
 */
export function slice(block: { readonly begin: Shape; readonly size: Shape }): Layer<Shape> {
  assertOptions("slice", block, { begin: true, size: true });
  const { begin, size } = block;
  for (const [name, numbers] of Object.entries({ begin, size })) {
    if (Array.isArray(numbers) && numbers.length > 0) {
      for (const number of numbers) assertWhole(`slice: ${name}`, number, name === "size" ? 1 : 0);
    } else {
      throw new ShapeError(`slice: ${name} must be a list of numbers, got ${show(numbers)}.`);
    }
  }
  const layer: Layer<Shape> = defineLayer<Shape>({
    kind: "slice",
    options: { begin, size },
    outline(inputShape) {
      const inside = inputShape.every(
        (length, i) => begin[i]! >= 0 && size[i]! > 0 && begin[i]! + size[i]! <= length,
      );
      if (inside && begin.length === inputShape.length && size.length === inputShape.length) {
        return { outputShape: size, macs: 0 };
      }
      throw new ShapeError(
        `slice: ${formatShape(size)} from ${formatShape(begin)} on does not lie in an input of ` +
          `${formatShape(inputShape)}.${hint(layer.path)}`,
      );
    },
    forward(input) {
      const saved = input.shape;
      const attributes = { begin: [0, ...begin], size: [saved[0]!, ...size] };
      const { output } = runOp(sliceOp, { input }, attributes);
      input.dispose();
      return { output, saved };
    },
    backward(inputShape, outputGradient) {
      const paddings = begin.map(
        (first, i) => [first, inputShape[i + 1]! - first - size[i]!] as const,
      );
      const attributes = { paddings: [[0, 0] as const, ...paddings], value: 0 };
      const { output } = runOp(padOp, { input: outputGradient }, attributes);
      outputGradient.dispose();
      return output;
    },
  });
  return layer;
}
