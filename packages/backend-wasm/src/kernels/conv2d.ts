import {
  type Conv2DGeometry,
  type conv2dFilterGradientOp,
  type conv2dInputGradientOp,
  type conv2dOp,
  conv2dOutputShape,
  type prepareFilterOp,
} from "@bn-only/frozen-layers";
import type { TensorInfo } from "@tensorflow/tfjs-core";
import { WasmBackendError } from "../errors.ts";
import { DeferredConvolution } from "./deferred-convolution.ts";
import {
  depthwise,
  depthwiseFilterSize,
  depthwiseGradient,
  planDepthwiseFilterGradient,
  prepareDepthwise,
  takesDepthwise,
} from "./depthwise.ts";
import { direct, directFilterSize, directGradient, prepareDirect } from "./direct.ts";
import { planFilterGradient } from "./filter-gradient.ts";
import { runJob, type WasmKernel, withMemory } from "./kernel.ts";
import type { FilterGradientPlan, Shape4D } from "./plan.ts";
import {
  planWinogradFilterGradient,
  prepareWinograd,
  sumsByWinograd,
  takesWinograd,
  winograd,
  winogradFilterSize,
} from "./winograd.ts";

/** One vector: the filter packed for Winograd's method, channel by channel, or for the direct sum. */
const prepare =
  (rotated: boolean): WasmKernel<typeof prepareFilterOp> =>
  ({ filter }, geometry, backend) => {
    const { size, pack } = packing(geometry, rotated);
    const packed = backend.allocate([size]);
    runJob(backend, pack(backend.pointer(filter), packed.pointer, geometry, rotated));
    return { prepared: packed.info };
  };

function packing(
  geometry: Conv2DGeometry,
  rotated: boolean,
): { size: number; pack: typeof prepareDirect } {
  const [, , channels, outputs] = geometry.filterShape;
  if (takesDepthwise(geometry)) {
    return { size: depthwiseFilterSize(geometry), pack: prepareDepthwise };
  }
  if (!takesWinograd(geometry)) {
    return { size: directFilterSize(geometry, rotated), pack: prepareDirect };
  }
  const size = rotated
    ? winogradFilterSize(outputs, channels)
    : winogradFilterSize(channels, outputs);
  return { size, pack: prepareWinograd };
}

export const conv2dPrepare: WasmKernel<typeof prepareFilterOp> = prepare(false);
export const conv2dPrepareRotated: WasmKernel<typeof prepareFilterOp> = prepare(true);

/** @throws WasmBackendError for a filter that was prepared otherwise: a kernel would read past its end. */
function assertPrepared({ shape }: TensorInfo, geometry: Conv2DGeometry, rotated: boolean): void {
  const { size } = packing(geometry, rotated);
  if (shape.length === 1 && shape[0] === size) return;
  throw new WasmBackendError(
    `${rotated ? "conv2dInputGradient" : "conv2d"}: expected a filter that was prepared for [${geometry.filterShape.join(",")}], ` +
      `[${size}] here, got [${shape.join(",")}]. Prepare it on this backend.`,
  );
}

export const conv2d: WasmKernel<typeof conv2dOp> = ({ input, prepared }, geometry, backend) => {
  assertPrepared(prepared, geometry, false);
  const inputShape = input.shape as unknown as Shape4D;
  const outputShape = outputShapeOf(inputShape, geometry);
  if (takesDepthwise(geometry)) {
    const output = backend.allocate(outputShape);
    const [read, filter] = [backend.pointer(input), backend.pointer(prepared)];
    const pointers = { read, filter, written: output.pointer };
    runJob(backend, depthwise(pointers, inputShape, outputShape, geometry));
    return { output: output.info };
  }
  const convolution = new DeferredConvolution(backend, input, prepared, (pointers) =>
    takesWinograd(geometry)
      ? winograd(pointers, inputShape, outputShape, geometry.padding)
      : direct(pointers, inputShape, outputShape, geometry),
  );
  return { output: backend.defer(outputShape, convolution) };
};

export const conv2dInputGradient: WasmKernel<typeof conv2dInputGradientOp> = (
  { outputGradient, prepared },
  geometry,
  backend,
) => {
  assertPrepared(prepared, geometry, true);
  const inputShape = geometry.inputShape as Shape4D;
  const gradientShape = outputGradient.shape as unknown as Shape4D;
  if (takesDepthwise(geometry)) {
    const gradient = backend.allocate(inputShape);
    const [read, filter] = [backend.pointer(outputGradient), backend.pointer(prepared)];
    const pointers = { read, filter, written: gradient.pointer };
    runJob(backend, depthwiseGradient(pointers, gradientShape, inputShape, geometry));
    return { inputGradient: gradient.info };
  }
  const convolution = new DeferredConvolution(backend, outputGradient, prepared, (pointers) =>
    takesWinograd(geometry)
      ? winograd(pointers, gradientShape, inputShape, 2 - geometry.padding)
      : directGradient(pointers, inputShape, gradientShape, geometry),
  );
  return { inputGradient: backend.defer(inputShape, convolution) };
};

export const conv2dFilterGradient: WasmKernel<typeof conv2dFilterGradientOp> = (
  { input, outputGradient },
  geometry,
  backend,
) => {
  const gradient = backend.allocate(geometry.filterShape);
  const [inputShape, outputShape] = [input.shape, outputGradient.shape] as unknown as Shape4D[];
  const plan = planGradient(inputShape!, outputShape!, geometry);
  withMemory(backend, plan.slots * plan.slotBytes, (slots) => {
    const [x, dy] = [backend.pointer(input), backend.pointer(outputGradient)];
    runJob(backend, plan.sum({ input: x, outputGradient: dy, slots }));
    runJob(backend, plan.finish(slots, gradient.pointer));
  });
  return { filterGradient: gradient.info };
};

function planGradient(
  inputShape: Shape4D,
  outputShape: Shape4D,
  geometry: Conv2DGeometry,
): FilterGradientPlan {
  if (takesDepthwise(geometry)) {
    return planDepthwiseFilterGradient(inputShape, outputShape, geometry);
  }
  return sumsByWinograd(geometry)
    ? planWinogradFilterGradient(inputShape, outputShape, geometry.padding)
    : planFilterGradient(inputShape, outputShape, geometry);
}

function outputShapeOf([batch, ...image]: Shape4D, geometry: Conv2DGeometry): Shape4D {
  return [batch, ...conv2dOutputShape(image, geometry, "")];
}
