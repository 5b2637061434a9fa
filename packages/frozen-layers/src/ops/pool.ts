import type { Tensor } from "@tensorflow/tfjs-core";
import { assertSizes } from "../check.ts";
import { ShapeError } from "../errors.ts";
import {
  assertImages,
  assertNumber,
  assertPossible,
  assertShape,
  assertWhole,
  formatShape,
  hint,
  type Shape,
} from "../shape.ts";
import { defineOp, type Op } from "./op.ts";

/** A square window over height and width. */
export type PoolGeometry = {
  /** Side of the window. */
  readonly size: number;
  readonly stride: number;
  /** On every side, as in PyTorch; −∞ for maxima, 0 for means. */
  readonly padding: number;
};

/** Images `[batch, height, width, channels]`. */
export type PoolInputs = { readonly input: Tensor };
export type PoolOutputs = { readonly output: Tensor };
export type PoolGradientInputs = { readonly outputGradient: Tensor };
export type PoolGradientOutputs = { readonly inputGradient: Tensor };
/** Shape of the images whose gradient is wanted. */
export type Sized = { readonly inputShape: Shape };

/** The largest value of each window. */
export const maxPoolOp: Op<PoolInputs, PoolGeometry, PoolOutputs> = defineOp({
  name: "BnOnlyMaxPool",
  check: ({ input }, geometry) => void outputsOf("maxPool", input.shape, geometry),
});

export type MaxPoolGradientInputs = PoolGradientInputs & PoolInputs & PoolOutputs;

/** Each output gradient goes to the first largest value of its window, in row-major order. */
export const maxPoolGradientOp: Op<MaxPoolGradientInputs, PoolGeometry, PoolGradientOutputs> =
  defineOp({
    name: "BnOnlyMaxPoolGradient",
    check({ outputGradient, input, output }, geometry) {
      const expected = outputsOf("maxPoolGradient", input.shape, geometry);
      assertShape("maxPoolGradient", "outputGradient", outputGradient, expected);
      assertShape("maxPoolGradient", "output", output, expected);
    },
  });

/** The mean of each window; padding counts as zeros, as in `torch.nn.AvgPool2d`. */
export const averagePoolOp: Op<PoolInputs, PoolGeometry, PoolOutputs> = defineOp({
  name: "BnOnlyAveragePool",
  check: ({ input }, geometry) => void outputsOf("averagePool", input.shape, geometry),
});

/** Each pixel gets its share of every window that covers it. */
export const averagePoolGradientOp: Op<
  PoolGradientInputs,
  PoolGeometry & Sized,
  PoolGradientOutputs
> = defineOp({
  name: "BnOnlyAveragePoolGradient",
  check({ outputGradient }, { inputShape, ...geometry }) {
    assertSizes("averagePoolGradient: inputShape", inputShape, "[batch, height, width, channels]");
    const expected = outputsOf("averagePoolGradient", inputShape, geometry);
    assertShape("averagePoolGradient", "outputGradient", outputGradient, expected);
  },
});

/** The mean over height and width, `[batch, channels]`. */
export const globalAveragePoolOp: Op<PoolInputs, object, PoolOutputs> = defineOp({
  name: "BnOnlyGlobalAveragePool",
  check: ({ input }) => assertImages("globalAveragePool", input.shape),
});

/** `outputGradient / (height · width)` for every pixel, `[batch, channels]` to `inputShape`. */
export const globalAveragePoolGradientOp: Op<PoolGradientInputs, Sized, PoolGradientOutputs> =
  defineOp({
    name: "BnOnlyGlobalAveragePoolGradient",
    check({ outputGradient }, { inputShape }) {
      assertSizes(
        "globalAveragePoolGradient: inputShape",
        inputShape,
        "[batch, height, width, channels]",
      );
      assertImages("globalAveragePoolGradient: inputShape", inputShape);
      assertPossible("globalAveragePoolGradient", inputShape);
      const expected = [inputShape[0]!, inputShape[3]!];
      assertShape("globalAveragePoolGradient", "outputGradient", outputGradient, expected);
    },
  });

/** Shape of the outputs of `[batch, height, width, channels]`. */
function outputsOf(op: string, inputShape: Shape, geometry: PoolGeometry): Shape {
  assertImages(op, inputShape);
  assertWhole("pool: size", geometry.size, 1);
  assertWhole("pool: stride", geometry.stride, 1);
  assertWhole("pool: padding", geometry.padding, 0);
  assertNumber(
    `${op}: padding`,
    geometry.padding,
    `at most half of size (${geometry.size})`,
    (padding) => 2 * padding <= geometry.size,
  );
  return [inputShape[0]!, ...poolOutputShape(inputShape.slice(1), geometry, "")];
}

/** @throws ShapeError when the window does not fit. */
export function poolOutputShape(
  inputShape: Shape,
  { size, stride, padding }: PoolGeometry,
  path: string,
): [number, number, number] {
  const [height = 0, width = 0, channels = 0] = inputShape;
  const outputHeight = Math.floor((height + 2 * padding - size) / stride) + 1;
  const outputWidth = Math.floor((width + 2 * padding - size) / stride) + 1;
  if (inputShape.length !== 3 || outputHeight < 1 || outputWidth < 1) {
    throw new ShapeError(
      `pool: a ${size}x${size} window with padding ${padding} does not fit an input of shape ` +
        `${formatShape(inputShape)}.${hint(path)}`,
    );
  }
  assertPossible("pool", [outputHeight, outputWidth, channels]);
  return [outputHeight, outputWidth, channels];
}
