import type { Tensor, Tensor4D } from "@tensorflow/tfjs-core";
import { ShapeError } from "../errors.ts";
import {
  conv2dFilterGradientReference,
  conv2dInputGradientReference,
  conv2dReference,
  prepareFilterReference,
  prepareRotatedFilterReference,
} from "../kernels/reference/conv2d.ts";
import { formatShape, hint, type Shape } from "../shape.ts";
import { run } from "./dispatch.ts";

/**
 * A convolution without bias: `y[b,i,j,o] = Σ x[b, i·stride + u − padding, j·stride + v − padding, c] · w[u,v,c,o]`.
 *
 * The padding is PyTorch's, the same on all four sides also at stride 2, and not TensorFlow's SAME.
 */
export interface Conv2DGeometry {
  /** `[kernelHeight, kernelWidth, inputChannels / groups, outputChannels]` */
  readonly filterShape: readonly [number, number, number, number];
  readonly stride: number;
  readonly padding: number;
  /** Channel groups; `inputChannels` for a depthwise convolution. */
  readonly groups: number;
}

/**
 * A filter in the form that the backend wants to keep: rotated, transformed, packed. It is made
 * once for a filter that never moves, and belongs to whoever prepared it.
 */
export interface PreparedFilter extends Conv2DGeometry {
  /** A kernel gets them as its inputs `filter`, `filter1`, `filter2`, … */
  readonly tensors: readonly Tensor[];
}

export const conv2dOps = {
  prepare: { name: "BnOnlyConv2DPrepare", reference: prepareFilterReference },
  prepareRotated: { name: "BnOnlyConv2DPrepareRotated", reference: prepareRotatedFilterReference },
  forward: { name: "BnOnlyConv2D", reference: conv2dReference },
  inputGradient: { name: "BnOnlyConv2DInputGradient", reference: conv2dInputGradientReference },
  filterGradient: { name: "BnOnlyConv2DFilterGradient", reference: conv2dFilterGradientReference },
} as const;

/** Prepares a filter for `conv2d`. */
export function prepareFilter(filter: Tensor, geometry: Conv2DGeometry): PreparedFilter {
  return { ...geometry, tensors: run(conv2dOps.prepare, { filter }, geometry) };
}

/** Prepares a filter for `conv2dInputGradient`. */
export function prepareRotatedFilter(filter: Tensor, geometry: Conv2DGeometry): PreparedFilter {
  return { ...geometry, tensors: run(conv2dOps.prepareRotated, { filter }, geometry) };
}

/**
 * `[batch, height, width, inputChannels]` to `[batch, outHeight, outWidth, outputChannels]`.
 *
 * @throws ShapeError when the input does not fit the filter.
 */
export function conv2d(input: Tensor, filter: PreparedFilter, path = ""): Tensor4D {
  conv2dOutputShape(input.shape.slice(1), filter, path);
  const { tensors, ...geometry } = filter;
  const [output] = run(conv2dOps.forward, { input, ...named(tensors) }, geometry);
  return output as Tensor4D;
}

/**
 * dLoss/dInput, of shape `inputShape`, from dLoss/dOutput: for a frozen filter this is one more
 * convolution with a constant filter, the rotated one.
 */
export function conv2dInputGradient(
  outputGradient: Tensor,
  rotatedFilter: PreparedFilter,
  inputShape: Shape,
): Tensor4D {
  const { tensors, ...geometry } = rotatedFilter;
  const inputs = { outputGradient, ...named(tensors) };
  const [gradient] = run(conv2dOps.inputGradient, inputs, { ...geometry, inputShape });
  return gradient as Tensor4D;
}

/** dLoss/dFilter `[kernelHeight, kernelWidth, inputChannels / groups, outputChannels]`. */
export function conv2dFilterGradient(
  input: Tensor,
  outputGradient: Tensor,
  geometry: Conv2DGeometry,
): Tensor4D {
  const [gradient] = run(conv2dOps.filterGradient, { input, outputGradient }, geometry);
  return gradient as Tensor4D;
}

/**
 * Shape of one output for one input of shape `[height, width, channels]`.
 *
 * @throws ShapeError when channels or sizes do not fit.
 */
export function conv2dOutputShape(
  inputShape: Shape,
  { filterShape, stride, padding, groups }: Conv2DGeometry,
  path: string,
): [number, number, number] {
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
  return [outputHeight, outputWidth, outputChannels];
}

/** The tensors of a prepared filter as a kernel's inputs `filter`, `filter1`, `filter2`, … */
function named(tensors: readonly Tensor[]): { filter: Tensor; [name: string]: Tensor } {
  const [filter, ...rest] = tensors;
  return {
    filter: filter!,
    ...Object.fromEntries(rest.map((tensor, i) => [`filter${i + 1}`, tensor])),
  };
}
