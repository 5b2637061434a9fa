import type { Tensor, Tensor4D } from "@tensorflow/tfjs-core";
import { ShapeError } from "../errors.ts";
import { assertSizes } from "../check.ts";
import {
  assertImages,
  assertPossible,
  assertRank,
  assertShape,
  assertWhole,
  formatShape,
  hint,
  type Shape,
} from "../shape.ts";
import { defineOp, type Op } from "./op.ts";

/**
 * A convolution without bias: `y[b,i,j,o] = Σ x[b, i·stride + u − padding, j·stride + v − padding, c] · w[u,v,c,o]`.
 *
 * The padding is PyTorch's, the same on all four sides also at stride 2, and not TensorFlow's SAME.
 */
export type Conv2DGeometry = {
  /** `[kernelHeight, kernelWidth, inputChannels / groups, outputChannels]` */
  readonly filterShape: readonly [number, number, number, number];
  readonly stride: number;
  readonly padding: number;
  /** Channel groups; `inputChannels` for a depthwise convolution. */
  readonly groups: number;
};

export type FilterInputs = { readonly filter: Tensor };

/**
 * The filter in the form that the backend wants to keep, of any shape: rotated, transformed, packed.
 * It is made once for a filter that never moves, and serves the op it is made for only.
 */
export type PreparedFilter = { readonly prepared: Tensor };

/** Prepares a filter for `conv2d`. */
export const prepareFilterOp: Op<FilterInputs, Conv2DGeometry, PreparedFilter> = defineOp({
  name: "BnOnlyConv2DPrepare",
  check: ({ filter }, geometry) => checkFilter("prepareFilter", filter, geometry),
});

/** Prepares a filter for `conv2dInputGradient`. */
export const prepareRotatedFilterOp: Op<FilterInputs, Conv2DGeometry, PreparedFilter> = defineOp({
  name: "BnOnlyConv2DPrepareRotated",
  check: ({ filter }, geometry) => checkFilter("prepareRotatedFilter", filter, geometry),
});

export type Conv2DInputs = PreparedFilter & {
  /** `[batch, height, width, inputChannels]` */
  readonly input: Tensor;
};

/** `[batch, outHeight, outWidth, outputChannels]` */
export const conv2dOp: Op<Conv2DInputs, Conv2DGeometry, { readonly output: Tensor4D }> = defineOp({
  name: "BnOnlyConv2D",
  check({ input, prepared }, geometry) {
    assertThere("conv2d", prepared);
    outputsOf("conv2d", input.shape, geometry);
  },
});

export type Conv2DInputGradientInputs = PreparedFilter & { readonly outputGradient: Tensor };

/** dLoss/dInput, of shape `inputShape` with the batch. */
export const conv2dInputGradientOp: Op<
  Conv2DInputGradientInputs,
  Conv2DGeometry & { readonly inputShape: Shape },
  { readonly inputGradient: Tensor4D }
> = defineOp({
  name: "BnOnlyConv2DInputGradient",
  check({ outputGradient, prepared }, { inputShape, ...geometry }) {
    assertThere("conv2dInputGradient", prepared);
    assertSizes("conv2dInputGradient: inputShape", inputShape, "[batch, height, width, channels]");
    const expected = outputsOf("conv2dInputGradient", inputShape, geometry);
    assertShape("conv2dInputGradient", "outputGradient", outputGradient, expected);
  },
});

export type Conv2DFilterGradientInputs = {
  readonly input: Tensor;
  readonly outputGradient: Tensor;
};

/** dLoss/dFilter, of shape `filterShape`. */
export const conv2dFilterGradientOp: Op<
  Conv2DFilterGradientInputs,
  Conv2DGeometry,
  { readonly filterGradient: Tensor4D }
> = defineOp({
  name: "BnOnlyConv2DFilterGradient",
  check({ input, outputGradient }, geometry) {
    const expected = outputsOf("conv2dFilterGradient", input.shape, geometry);
    assertShape("conv2dFilterGradient", "outputGradient", outputGradient, expected);
  },
});

function assertThere(op: string, prepared: Tensor | undefined): void {
  if (!prepared) throw new ShapeError(`${op}: expected a prepared filter, got none.`);
}

function checkFilter(op: string, filter: Tensor, geometry: Conv2DGeometry): void {
  checkGeometry(geometry);
  assertShape(op, "filter", filter, geometry.filterShape);
}

function checkGeometry({ filterShape, stride, padding, groups }: Conv2DGeometry): void {
  assertSizes("conv2d: filterShape", filterShape, "[height, width, inputs / groups, outputs]");
  assertRank("conv2d: filterShape", filterShape, "[height,width,inputs / groups,outputs]", 4);
  assertWhole("conv2d: stride", stride, 1);
  assertWhole("conv2d: padding", padding, 0);
  assertWhole("conv2d: groups", groups, 1);
  if (filterShape[3] % groups === 0) return;
  throw new ShapeError(
    `conv2d: groups (${groups}) must divide the ${filterShape[3]} output channels of ${formatShape(filterShape)}.`,
  );
}

/** Shape of the outputs of `[batch, height, width, channels]`. */
function outputsOf(op: string, inputShape: Shape, geometry: Conv2DGeometry): Shape {
  assertImages(op, inputShape);
  checkGeometry(geometry);
  return [inputShape[0]!, ...conv2dOutputShape(inputShape.slice(1), geometry, "")];
}

/**
 * Shape of one output for one input of shape `[height, width, channels]`.
 *
 * @throws ShapeError when channels or sizes do not fit.
 */
export function conv2dOutputShape(
  inputShape: Shape,
  geometry: Conv2DGeometry,
  path: string,
): [number, number, number] {
  const { filterShape, stride, padding, groups } = Object(geometry) as Conv2DGeometry;
  checkGeometry({ filterShape, stride, padding, groups });
  assertSizes("conv2d: the shape of one input", inputShape, "[height, width, channels]");
  const [kernelHeight, kernelWidth, channelsPerGroup, outputChannels] = filterShape;
  const [height, width, channels] = inputShape;
  if (
    height === undefined ||
    width === undefined ||
    channels === undefined ||
    inputShape.length > 3
  ) {
    throw new ShapeError(
      `conv2d: expected one input of shape [height,width,channels], got ${formatShape(inputShape)}.${hint(path)}`,
    );
  }
  if (channels !== channelsPerGroup * groups) {
    const grouped = groups === 1 ? "" : ` in ${groups} groups`;
    throw new ShapeError(
      `conv2d: input has ${channels} channels, filter expects ${channelsPerGroup * groups} ` +
        `(${formatShape(filterShape)}${grouped}).${hint(path)}`,
    );
  }
  const outputHeight = Math.floor((height + 2 * padding - kernelHeight) / stride) + 1;
  const outputWidth = Math.floor((width + 2 * padding - kernelWidth) / stride) + 1;
  if (outputHeight < 1 || outputWidth < 1) {
    throw new ShapeError(
      `conv2d: a ${kernelHeight}x${kernelWidth} filter with padding ${padding} does not fit an input ` +
        `of ${height}x${width}.${hint(path)}`,
    );
  }
  const outputShape: [number, number, number] = [outputHeight, outputWidth, outputChannels];
  assertPossible("conv2d", outputShape);
  return outputShape;
}
