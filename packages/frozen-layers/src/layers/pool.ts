import type { Tensor } from "@tensorflow/tfjs-core";
import { ShapeError } from "../errors.ts";
import { runOp } from "../kernels/run-op.ts";
import {
  averagePoolGradientOp,
  averagePoolOp,
  globalAveragePoolGradientOp,
  globalAveragePoolOp,
  maxPoolGradientOp,
  maxPoolOp,
  poolOutputShape,
  type PoolGeometry,
} from "../ops/pool.ts";
import { assertOptions } from "../check.ts";
import { assertWhole, formatShape, hint, type Shape } from "../shape.ts";
import { defineLayer, type Layer, needsBackward } from "./layer.ts";

/** The windows of `maxPool` and `averagePool`; the padding is at most half of the size. */
export interface PoolOptions {
  /** Side of the square window. */
  readonly size: number;
  /** Default: `size`. */
  readonly stride?: number | undefined;
  /** On every side, as in PyTorch. Default 0. */
  readonly padding?: number | undefined;
}

/** The largest value of each window. Saves input and output. */
export function maxPool(options: PoolOptions): Layer<{ input: Tensor; output: Tensor }> {
  const geometry = poolGeometry("maxPool", options);
  const layer: Layer<{ input: Tensor; output: Tensor }> = defineLayer({
    kind: "maxPool",
    options: geometry,
    outline: (inputShape) => ({
      outputShape: poolOutputShape(inputShape, geometry, layer.path),
      macs: 0,
    }),
    forward(input, pass) {
      const { output } = runOp(maxPoolOp, { input }, geometry);
      if (needsBackward(layer, pass)) return { output, saved: { input, output: output.clone() } };
      input.dispose();
      return { output, saved: undefined };
    },
    backward({ input, output }, outputGradient) {
      const inputs = { outputGradient, input, output };
      const { inputGradient } = runOp(maxPoolGradientOp, inputs, geometry);
      Object.values(inputs).forEach((tensor) => tensor.dispose());
      return inputGradient;
    },
  });
  return layer;
}

/** The mean of each window, padding counted as zeros. Saves nothing. */
export function averagePool(options: PoolOptions): Layer<Shape> {
  const geometry = poolGeometry("averagePool", options);
  const layer: Layer<Shape> = shapeOnlyLayer(
    "averagePool",
    geometry,
    (inputShape) => poolOutputShape(inputShape, geometry, layer.path),
    (input) => runOp(averagePoolOp, { input }, geometry).output,
    (outputGradient, inputShape) =>
      runOp(averagePoolGradientOp, { outputGradient }, { ...geometry, inputShape }).inputGradient,
  );
  return layer;
}

/** `[batch, height, width, channels]` to its mean over height and width, `[batch, channels]`. */
export function globalAveragePool(): Layer<Shape> {
  const layer: Layer<Shape> = shapeOnlyLayer(
    "globalAveragePool",
    {},
    (inputShape) => {
      if (inputShape.length !== 3) {
        throw new ShapeError(
          `globalAveragePool: expected one input of shape [height,width,channels], got ` +
            `${formatShape(inputShape)}.${hint(layer.path)}`,
        );
      }
      return inputShape.slice(2);
    },
    (input) => runOp(globalAveragePoolOp, { input }, {}).output,
    (outputGradient, inputShape) =>
      runOp(globalAveragePoolGradientOp, { outputGradient }, { inputShape }).inputGradient,
  );
  return layer;
}

/** A layer whose gradient needs no more of the input than its shape. */
function shapeOnlyLayer(
  kind: string,
  options: Layer["options"],
  outputShape: (inputShape: Shape) => Shape,
  run: (input: Tensor) => Tensor,
  gradient: (outputGradient: Tensor, inputShape: Shape) => Tensor,
): Layer<Shape> {
  return defineLayer<Shape>({
    kind,
    options,
    outline: (inputShape) => ({ outputShape: outputShape(inputShape), macs: 0 }),
    forward(input) {
      const output = run(input);
      const saved = input.shape;
      input.dispose();
      return { output, saved };
    },
    backward(inputShape, outputGradient) {
      const inputGradient = gradient(outputGradient, inputShape);
      outputGradient.dispose();
      return inputGradient;
    },
  });
}

function poolGeometry(kind: string, options: PoolOptions): PoolGeometry {
  assertOptions(kind, options, { size: true, stride: true, padding: true });
  const { size, stride = size, padding = 0 } = options;
  assertWhole(`${kind}: size`, size, 1);
  assertWhole(`${kind}: stride`, stride, 1);
  assertWhole(`${kind}: padding`, padding, 0);
  if (padding * 2 > size) {
    throw new ShapeError(`${kind}: padding (${padding}) must be at most half of size (${size}).`);
  }
  return { size, stride, padding };
}
