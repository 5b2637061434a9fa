import {
  type averagePoolGradientOp,
  type averagePoolOp,
  type globalAveragePoolGradientOp,
  type globalAveragePoolOp,
  type maxPoolGradientOp,
  type maxPoolOp,
  type PoolGeometry,
} from "@bn-only/frozen-layers";
import { type TensorInfo, util } from "@tensorflow/tfjs-core";
import type { WebgpuTrainingBackend } from "../backend.ts";
import {
  averagePoolBackward,
  globalAverage,
  globalAverageBackward,
  maxPoolBackward,
  placesOf,
  type PoolConstants,
  poolForward,
} from "../shaders/pool.ts";
import type { Shader } from "../shaders/shader.ts";
import { sizesOf } from "./conv2d.ts";
import type { Shape4D, WebgpuKernel } from "./kernel.ts";

interface Sides {
  readonly inputShape: readonly number[];
  readonly outputShape: readonly number[];
}

const constantsOf = (
  { size, stride, padding }: PoolGeometry,
  shape: readonly number[],
): PoolConstants => ({ size, stride, padding, channels: shape.at(-1)! });

function runPool(
  backend: WebgpuTrainingBackend,
  shader: Shader,
  inputs: readonly TensorInfo[],
  shape: readonly number[],
  sides: Sides,
): TensorInfo {
  const written = backend.allocate(shape);
  const channels = shape.at(-1)!;
  const count = (util.sizeFromShape([...shape]) / channels) * placesOf(channels).places;
  backend.run(shader, {
    inputs,
    outputs: [written],
    uniforms: { count, ...sizesOf(sides) },
    groups: Math.ceil(count / 64),
  });
  return written;
}

function outputShapeOf(inputShape: readonly number[], geometry: PoolGeometry): Shape4D {
  const [batch, height, width, channels] = inputShape as Shape4D;
  const { size, stride, padding } = geometry;
  const pooled = (length: number) => Math.floor((length + 2 * padding - size) / stride) + 1;
  return [batch, pooled(height), pooled(width), channels];
}

function forward(
  backend: WebgpuTrainingBackend,
  kind: "max" | "average",
  input: TensorInfo,
  geometry: PoolGeometry,
): { output: TensorInfo } {
  const sides = { inputShape: input.shape, outputShape: outputShapeOf(input.shape, geometry) };
  const shader = poolForward({ kind, ...constantsOf(geometry, input.shape) });
  return { output: runPool(backend, shader, [input], sides.outputShape, sides) };
}

export const maxPool: WebgpuKernel<typeof maxPoolOp> = ({ input }, geometry, backend) =>
  forward(backend, "max", input, geometry);

export const averagePool: WebgpuKernel<typeof averagePoolOp> = ({ input }, geometry, backend) =>
  forward(backend, "average", input, geometry);

export const maxPoolGradient: WebgpuKernel<typeof maxPoolGradientOp> = (
  { outputGradient, input, output },
  geometry,
  backend,
) => {
  const sides = { inputShape: input.shape, outputShape: output.shape };
  const shader = maxPoolBackward(constantsOf(geometry, input.shape));
  const inputs = [outputGradient, input, output];
  return { inputGradient: runPool(backend, shader, inputs, input.shape, sides) };
};

export const averagePoolGradient: WebgpuKernel<typeof averagePoolGradientOp> = (
  { outputGradient },
  { inputShape, ...geometry },
  backend,
) => {
  const sides = { inputShape, outputShape: outputGradient.shape };
  const shader = averagePoolBackward(constantsOf(geometry, inputShape));
  return { inputGradient: runPool(backend, shader, [outputGradient], inputShape, sides) };
};

export const globalAveragePool: WebgpuKernel<typeof globalAveragePoolOp> = (
  { input },
  _none,
  backend,
) => {
  const [batch, height, width, channels] = input.shape as unknown as Shape4D;
  const output = backend.allocate([batch, channels]);
  const count = batch * placesOf(channels).places;
  backend.run(globalAverage({ channels }), {
    inputs: [input],
    outputs: [output],
    uniforms: { count, pixels: height * width },
    groups: Math.ceil(count / 64),
  });
  return { output };
};

export const globalAveragePoolGradient: WebgpuKernel<typeof globalAveragePoolGradientOp> = (
  { outputGradient },
  { inputShape },
  backend,
) => {
  const [batch, height, width, channels] = inputShape as Shape4D;
  const inputGradient = backend.allocate(inputShape);
  const count = batch * height * width * placesOf(channels).places;
  backend.run(globalAverageBackward({ channels }), {
    inputs: [outputGradient],
    outputs: [inputGradient],
    uniforms: { count, pixels: height * width },
    groups: Math.ceil(count / 64),
  });
  return { inputGradient };
};
