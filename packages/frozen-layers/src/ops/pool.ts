import type { Tensor } from "@tensorflow/tfjs-core";
import { ShapeError } from "../errors.ts";
import {
  averagePoolGradientReference,
  averagePoolReference,
  globalAveragePoolGradientReference,
  globalAveragePoolReference,
  maxPoolGradientReference,
  maxPoolReference,
} from "../kernels/reference/pool.ts";
import { formatShape, hint, type Shape } from "../shape.ts";
import { run } from "./dispatch.ts";

/** A square window; the padding is the same on all sides, as in PyTorch. */
export interface PoolGeometry {
  readonly size: number;
  readonly stride: number;
  readonly padding: number;
}

export const poolOps = {
  max: { name: "BnOnlyMaxPool", reference: maxPoolReference },
  maxGradient: { name: "BnOnlyMaxPoolGradient", reference: maxPoolGradientReference },
  average: { name: "BnOnlyAveragePool", reference: averagePoolReference },
  averageGradient: { name: "BnOnlyAveragePoolGradient", reference: averagePoolGradientReference },
  globalAverage: { name: "BnOnlyGlobalAveragePool", reference: globalAveragePoolReference },
  globalAverageGradient: {
    name: "BnOnlyGlobalAveragePoolGradient",
    reference: globalAveragePoolGradientReference,
  },
} as const;

/** The largest value of each window; padding counts as −∞. `[batch, height, width, channels]`. */
export function maxPool(input: Tensor, geometry: PoolGeometry): Tensor {
  return run(poolOps.max, { input }, geometry)[0]!;
}

/** Sends each output gradient to the first largest value of its window, in row-major order. */
export function maxPoolGradient(
  outputGradient: Tensor,
  input: Tensor,
  output: Tensor,
  geometry: PoolGeometry,
): Tensor {
  return run(poolOps.maxGradient, { outputGradient, input, output }, geometry)[0]!;
}

/** The mean of each window; padding counts as zeros, as in `torch.nn.AvgPool2d`. */
export function averagePool(input: Tensor, geometry: PoolGeometry): Tensor {
  return run(poolOps.average, { input }, geometry)[0]!;
}

export function averagePoolGradient(
  outputGradient: Tensor,
  inputShape: Shape,
  geometry: PoolGeometry,
): Tensor {
  return run(poolOps.averageGradient, { outputGradient }, { ...geometry, inputShape })[0]!;
}

/** `[batch, height, width, channels]` to its mean over height and width, `[batch, channels]`. */
export function globalAveragePool(input: Tensor): Tensor {
  return run(poolOps.globalAverage, { input }, {})[0]!;
}

export function globalAveragePoolGradient(outputGradient: Tensor, inputShape: Shape): Tensor {
  return run(poolOps.globalAverageGradient, { outputGradient }, { inputShape })[0]!;
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
  return [outputHeight, outputWidth, channels];
}
