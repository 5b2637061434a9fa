import {
  type Conv2DGeometry,
  type conv2dInputGradientOp,
  type conv2dOp,
  conv2dOutputShape,
  type prepareFilterOp,
  type prepareRotatedFilterOp,
} from "@bn-only/frozen-layers";
import { type TensorInfo, util } from "@tensorflow/tfjs-core";
import type { WebgpuTrainingBackend } from "../backend.ts";
import { WebgpuError } from "../errors.ts";
import { tileFor, tileSize } from "../shaders/convolution-tile.ts";
import { quadsOf } from "../shaders/convolution-walk.ts";
import { directConvolution } from "../shaders/direct-convolution.ts";
import {
  type GroupedConstants,
  groupedConvolution,
  groupedInputGradient,
  inFours,
} from "../shaders/grouped-convolution.ts";
import { packFilter } from "../shaders/pack-filter.ts";
import { tiledConvolution } from "../shaders/tiled-convolution.ts";
import { release, type Shape4D, share, type WebgpuKernel } from "./kernel.ts";
import { resizeChannels, resized } from "./resize-channels.ts";

/** Packed without groups; with groups the filter stays as it is. */
export const prepareFilter: WebgpuKernel<typeof prepareFilterOp> = (
  { filter },
  geometry,
  backend,
) => ({
  prepared: prepare(backend, filter, geometry, false),
});

/** The same with input and output channels exchanged. No need to rotate: the kernel walks the other way. */
export const prepareRotatedFilter: WebgpuKernel<typeof prepareRotatedFilterOp> = (
  { filter },
  geometry,
  backend,
) => ({ prepared: prepare(backend, filter, geometry, true) });

function prepare(
  backend: WebgpuTrainingBackend,
  filter: TensorInfo,
  geometry: Conv2DGeometry,
  exchanged: boolean,
): TensorInfo {
  if (geometry.groups > 1) return share(backend, filter, filter.shape);
  const [, , inputs, outputs] = geometry.filterShape;
  const shape = preparedShape(geometry, exchanged);
  const count = util.sizeFromShape([...shape]) / 4;
  const packed = backend.allocate(shape);
  backend.run(packFilter({ inputs, outputs, exchanged }), {
    inputs: [filter],
    outputs: [packed],
    uniforms: { count },
    groups: Math.ceil(count / 64),
  });
  return packed;
}

function preparedShape(
  { filterShape, groups }: Conv2DGeometry,
  exchanged: boolean,
): readonly number[] {
  if (groups > 1) return filterShape;
  const [height, width, inputs, outputs] = filterShape;
  const [inner, outer] = exchanged ? [outputs, inputs] : [inputs, outputs];
  return [height * width, quadsOf(inner) * 4, quadsOf(outer) * 4];
}

/** @throws WebgpuError for a filter that was prepared otherwise: a shader would read past its end. */
function assertPrepared({ shape }: TensorInfo, geometry: Conv2DGeometry, exchanged: boolean): void {
  const expected = preparedShape(geometry, exchanged);
  if (util.arraysEqual([...expected], shape)) return;
  throw new WebgpuError(
    `${exchanged ? "conv2dInputGradient" : "conv2d"}: expected a filter that was prepared for [${geometry.filterShape.join(",")}], ` +
      `[${expected.join(",")}] here, got [${shape.join(",")}]. Prepare it on this backend.`,
  );
}

export const conv2d: WebgpuKernel<typeof conv2dOp> = ({ input, prepared }, geometry, backend) => {
  assertPrepared(prepared, geometry, false);
  const outputShape = outputShapeOf(input.shape, geometry);
  const output = backend.allocate(outputShape);
  if (geometry.groups > 1) {
    const constants = groupedConstants(geometry);
    runGrouped(backend, groupedConvolution(constants), constants, [input, prepared], output, {
      inputShape: input.shape,
      outputShape,
    });
    return { output };
  }
  const [, , inner, outer] = geometry.filterShape;
  runConvolution(backend, { kind: "forward", inner, outer }, geometry, [input, prepared], output);
  return { output };
};

export const conv2dInputGradient: WebgpuKernel<typeof conv2dInputGradientOp> = (
  { outputGradient, prepared },
  { inputShape, ...geometry },
  backend,
) => {
  assertPrepared(prepared, geometry, true);
  const inputGradient = backend.allocate(inputShape);
  const inputs = [outputGradient, prepared] as const;
  if (geometry.groups > 1) {
    const constants = groupedConstants(geometry);
    runGrouped(backend, groupedInputGradient(constants), constants, inputs, inputGradient, {
      inputShape,
      outputShape: outputGradient.shape,
    });
    return { inputGradient };
  }
  const [, , outer, inner] = geometry.filterShape;
  runConvolution(backend, { kind: "inputGradient", inner, outer }, geometry, inputs, inputGradient);
  return { inputGradient };
};

interface Channels {
  readonly kind: "forward" | "inputGradient";
  /** Channels of what is read and of what is written. */
  readonly inner: number;
  readonly outer: number;
}

function runConvolution(
  backend: WebgpuTrainingBackend,
  { kind, inner, outer }: Channels,
  { filterShape, stride, padding }: Conv2DGeometry,
  [input, weights]: readonly [TensorInfo, TensorInfo],
  output: TensorInfo,
): void {
  const [, sourceHeight, sourceWidth] = input.shape as unknown as Shape4D;
  const [batch, height, width] = output.shape as unknown as Shape4D;
  const source = inner % 4 === 0 ? input : resized(backend, input, quadsOf(inner) * 4);
  const written =
    outer % 4 === 0 ? output : backend.allocate([batch, height, width, quadsOf(outer) * 4]);
  const innerQuads = quadsOf(inner);
  const tile = tileFor(outer, innerQuads);
  const size = tileSize(tile);
  const phase = kind === "forward" ? 1 : stride;
  const pixels = batch * Math.ceil(height / phase) * Math.ceil(width / phase);
  const blocks = Math.ceil(pixels / size.pixels);
  const columnBlocks = Math.ceil(quadsOf(outer) / size.quads);
  const [kernelHeight, kernelWidth] = filterShape;
  const convolution = backend.adapter.software ? directConvolution : tiledConvolution;
  const shader = convolution({
    kind,
    ...tile,
    innerQuads,
    kernelHeight,
    kernelWidth,
    stride,
    padding,
  });
  backend.run(shader, {
    inputs: [source, weights],
    outputs: [written],
    uniforms: {
      blocks,
      columnBlocks,
      pixels,
      height,
      width,
      sourceHeight,
      sourceWidth,
      outerQuads: quadsOf(outer),
    },
    groups: phase * phase * blocks * columnBlocks,
  });
  if (source !== input) release(backend, source);
  if (written === output) return;
  resizeChannels(backend, written, output);
  release(backend, written);
}

function runGrouped(
  backend: WebgpuTrainingBackend,
  shader: ReturnType<typeof groupedConvolution>,
  constants: GroupedConstants,
  inputs: readonly TensorInfo[],
  output: TensorInfo,
  shapes: { readonly inputShape: readonly number[]; readonly outputShape: readonly number[] },
): void {
  const count = util.sizeFromShape(output.shape) / (inFours(constants) ? 4 : 1);
  const groups = Math.ceil(count / 64);
  backend.run(shader, {
    inputs,
    outputs: [output],
    uniforms: { count, ...sizesOf(shapes) },
    groups,
  });
}

/** For the uniforms of shaders that walk over input and output. */
export function sizesOf({
  inputShape,
  outputShape,
}: {
  readonly inputShape: readonly number[];
  readonly outputShape: readonly number[];
}) {
  const [, height, width] = inputShape as Shape4D;
  const [, outputHeight, outputWidth] = outputShape as Shape4D;
  return { height, width, outputHeight, outputWidth };
}

export function groupedConstants({
  filterShape,
  stride,
  padding,
  groups,
}: Conv2DGeometry): GroupedConstants {
  const [kernelHeight, kernelWidth, inputs, outputs] = filterShape;
  return { kernelHeight, kernelWidth, stride, padding, groups, inputs, outputs: outputs / groups };
}

function outputShapeOf(inputShape: readonly number[], geometry: Conv2DGeometry): Shape4D {
  return [inputShape[0]!, ...conv2dOutputShape(inputShape.slice(1), geometry, "")];
}
