import type { NamedTensorInfoMap, TensorInfo } from "@tensorflow/tfjs-core";
import type { TrainingKernel } from "./kernel.ts";
import type { Shape4D } from "./plan.ts";

// Host side of assembly/pool.ts.

interface Geometry {
  readonly size: number;
  readonly stride: number;
  readonly padding: number;
}

interface Sized {
  readonly inputShape: Shape4D;
}

interface PoolInputs extends NamedTensorInfoMap {
  input: TensorInfo;
}

interface GradientInputs extends NamedTensorInfoMap {
  outputGradient: TensorInfo;
}

interface MaxGradientInputs extends GradientInputs {
  input: TensorInfo;
  output: TensorInfo;
}

const shapeOf = (tensor: TensorInfo): Shape4D => tensor.shape as unknown as Shape4D;

/** Sizes of input and output and the window, as the kernels take them. */
function sizes(
  [, height, width, channels]: Shape4D,
  [, outputHeight, outputWidth]: Shape4D,
  { size, stride, padding }: Geometry,
): number[] {
  return [height, width, channels, outputHeight, outputWidth, size, stride, padding];
}

const windowed =
  (kernel: "maxPool" | "averagePool"): TrainingKernel<PoolInputs, Geometry> =>
  (backend, { input }, geometry) => {
    const inputShape = shapeOf(input);
    const [batch, height, width, channels] = inputShape;
    const windows = (length: number): number =>
      Math.floor((length + 2 * geometry.padding - geometry.size) / geometry.stride) + 1;
    const outputShape: Shape4D = [batch, windows(height), windows(width), channels];
    const output = backend.allocate(outputShape);
    const pointers = [backend.pointer(input), output.pointer];
    backend.run(kernel, batch, [...pointers, ...sizes(inputShape, outputShape, geometry)]);
    return [output.info];
  };

export const maxPool = windowed("maxPool");
export const averagePool = windowed("averagePool");

export const maxPoolGradient: TrainingKernel<MaxGradientInputs, Geometry> = (
  backend,
  { outputGradient, input, output },
  geometry,
) => {
  const gradient = backend.allocate(input.shape);
  backend.run("maxPoolGradient", input.shape[0]!, [
    ...[backend.pointer(outputGradient), gradient.pointer],
    ...sizes(shapeOf(input), shapeOf(output), geometry),
    ...[backend.pointer(input), backend.pointer(output)],
  ]);
  return [gradient.info];
};

export const averagePoolGradient: TrainingKernel<GradientInputs, Geometry & Sized> = (
  backend,
  { outputGradient },
  { inputShape, ...geometry },
) => {
  const gradient = backend.allocate(inputShape);
  backend.run("averagePoolGradient", inputShape[0], [
    ...[backend.pointer(outputGradient), gradient.pointer],
    ...sizes(inputShape, shapeOf(outputGradient), geometry),
  ]);
  return [gradient.info];
};

export const globalAveragePool: TrainingKernel<PoolInputs, object> = (backend, { input }) => {
  const [batch, height, width, channels] = shapeOf(input);
  const output = backend.allocate([batch, channels]);
  const pointers = [backend.pointer(input), output.pointer];
  backend.run("globalAveragePool", batch, [...pointers, height * width, channels]);
  return [output.info];
};

export const globalAveragePoolGradient: TrainingKernel<GradientInputs, Sized> = (
  backend,
  { outputGradient },
  { inputShape },
) => {
  const [batch, height, width, channels] = inputShape;
  const gradient = backend.allocate(inputShape);
  const pointers = [backend.pointer(outputGradient), gradient.pointer];
  backend.run("globalAveragePoolGradient", batch, [...pointers, height * width, channels]);
  return [gradient.info];
};
