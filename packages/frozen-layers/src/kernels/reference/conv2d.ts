import {
  type Tensor4D,
  concat,
  conv2d,
  reverse,
  slice,
  split,
  tidy,
  transpose,
  zeros,
} from "@tensorflow/tfjs-core";
import type {
  Conv2DGeometry,
  conv2dFilterGradientOp,
  conv2dInputGradientOp,
  conv2dOp,
  prepareFilterOp,
  prepareRotatedFilterOp,
} from "../../ops/conv2d.ts";
import type { ReferenceKernel } from "../../ops/op.ts";
import { assertShape } from "../../shape.ts";
import { dilate, place } from "./dilate.ts";

type Shape4D = [number, number, number, number];

/** A prepared filter is one dense filter `[kh, kw, inputChannels, outputChannels]`. */
export const prepareFilterReference: ReferenceKernel<typeof prepareFilterOp> = (
  { filter },
  { groups },
) => ({ prepared: tidy(() => denseFilter(filter as Tensor4D, groups)) });

/** Rotated by 180 degrees, its channels exchanged: `[kh, kw, outputChannels, inputChannels]`. */
export const prepareRotatedFilterReference: ReferenceKernel<typeof prepareRotatedFilterOp> = (
  { filter },
  { groups },
) => ({
  prepared: tidy(() =>
    transpose(reverse(denseFilter(filter as Tensor4D, groups), [0, 1]), [0, 1, 3, 2]),
  ),
});

export const conv2dReference: ReferenceKernel<typeof conv2dOp> = (
  { input, prepared },
  { stride, padding, ...geometry },
) => {
  assertShape("conv2d", "prepared", prepared, denseShape(geometry));
  const filter = prepared as Tensor4D;
  return { output: conv2d(input as Tensor4D, filter, stride, onAllSides(padding, padding)) };
};

type Dense = Pick<Conv2DGeometry, "filterShape" | "groups">;

function denseShape({ filterShape, groups }: Dense): Shape4D {
  const [height, width, channels, outputs] = filterShape;
  return [height, width, channels * groups, outputs];
}

/**
 * The output gradient, `stride − 1` zeros put between its pixels and as many around them as restore
 * the input's size, convolved at stride 1 with the rotated filter.
 */
export const conv2dInputGradientReference: ReferenceKernel<typeof conv2dInputGradientOp> = (
  { outputGradient, prepared },
  { filterShape, stride, padding, groups, inputShape },
) => {
  const [rows, columns, inputs, outputs] = denseShape({ filterShape, groups });
  assertShape("conv2dInputGradient", "prepared", prepared, [rows, columns, outputs, inputs]);
  const rotated = prepared as Tensor4D;
  const gradient = outputGradient as Tensor4D;
  const top = filterShape[0] - 1 - padding;
  const left = filterShape[1] - 1 - padding;
  if (stride === 1 && top >= 0 && left >= 0) {
    return { inputGradient: conv2d(gradient, rotated, 1, onAllSides(top, left)) };
  }
  const [, height, width] = inputShape as Shape4D;
  const inputGradient = tidy(() => {
    const dilated = dilate(gradient, stride);
    const padded = place(
      dilated,
      top,
      left,
      height + filterShape[0] - 1,
      width + filterShape[1] - 1,
    );
    return conv2d(padded, rotated, 1, "valid");
  });
  return { inputGradient };
};

/**
 * The correlation of input and output gradient, written as a convolution: channels of the input
 * become its images, the batch its channels, and the output gradient is the filter, dilated by the
 * stride. It needs no filter-gradient kernel, which tfjs-backend-wasm does not have.
 */
export const conv2dFilterGradientReference: ReferenceKernel<typeof conv2dFilterGradientOp> = (
  { input, outputGradient },
  { filterShape, stride, padding, groups },
) => ({
  filterGradient: tidy(() => {
    const images = transpose(input as Tensor4D, [3, 1, 2, 0]);
    const filter = transpose(outputGradient as Tensor4D, [1, 2, 0, 3]);
    const correlation = conv2d(images, filter, 1, onAllSides(padding, padding), "NHWC", stride);
    const [kernelHeight, kernelWidth, channelsPerGroup, outputChannels] = filterShape;
    const size: Shape4D = [channelsPerGroup * groups, kernelHeight, kernelWidth, outputChannels];
    const dense = transpose(slice(correlation, [0, 0, 0, 0], size), [1, 2, 0, 3]);
    return diagonalBlocks(dense, groups);
  }),
});

function onAllSides(
  vertical: number,
  horizontal: number,
): [[number, number], [number, number], [number, number], [number, number]] {
  return [
    [0, 0],
    [vertical, vertical],
    [horizontal, horizontal],
    [0, 0],
  ];
}

/** A grouped filter `[kh, kw, c/g, o]` as the block-diagonal filter `[kh, kw, c, o]` it stands for. */
function denseFilter(filter: Tensor4D, groups: number): Tensor4D {
  if (groups === 1) return filter.clone();
  const columns = split(filter, groups, 3).map((block, group) => {
    const [kernelHeight, kernelWidth, channels, outputs] = block.shape as Shape4D;
    const above = zeros([kernelHeight, kernelWidth, channels * group, outputs]);
    const below = zeros([kernelHeight, kernelWidth, channels * (groups - 1 - group), outputs]);
    return concat([above, block, below], 2) as Tensor4D;
  });
  return concat(columns, 3);
}

/** The inverse of `denseFilter`. */
export function diagonalBlocks(filter: Tensor4D, groups: number): Tensor4D {
  if (groups === 1) return filter;
  const blocks = split(filter, groups, 3).map((column, group) => {
    const [kernelHeight, kernelWidth, channels, outputs] = column.shape as Shape4D;
    const size: Shape4D = [kernelHeight, kernelWidth, channels / groups, outputs];
    return slice(column, [0, 0, (channels / groups) * group, 0], size);
  });
  return concat(blocks, 3) as Tensor4D;
}
