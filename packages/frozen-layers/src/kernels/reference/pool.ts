import {
  type NamedTensorMap,
  type Tensor,
  type Tensor2D,
  type Tensor4D,
  add,
  avgPool,
  cast,
  div,
  equal,
  logicalAnd,
  logicalNot,
  logicalOr,
  maxPool,
  mul,
  reshape,
  stridedSlice,
  tidy,
  tile,
  zeros,
} from "@tensorflow/tfjs-core";
import type { PoolGeometry } from "../../ops/pool.ts";
import type { Shape } from "../../shape.ts";
import { dilate, place } from "./dilate.ts";
import { crop, surround } from "./margin.ts";

export interface PoolInputs extends NamedTensorMap {
  input: Tensor;
}

export interface PoolGradientInputs extends NamedTensorMap {
  outputGradient: Tensor;
}

export interface MaxPoolGradientInputs extends PoolGradientInputs {
  input: Tensor;
  output: Tensor;
}

type Sized = { readonly inputShape: Shape };
type Shape4D = [number, number, number, number];

export function maxPoolReference({ input }: PoolInputs, geometry: PoolGeometry): Tensor[] {
  return [
    tidy(() => {
      const padded = surround(input, geometry.padding, -Infinity);
      return maxPool(padded, geometry.size, geometry.stride, "valid");
    }),
  ];
}

/**
 * Walks over the positions of the window; each output gradient goes to the first position that
 * holds the output's value. tfjs-backend-wasm's own MaxPoolGrad loses gradients where the largest
 * value is not positive.
 */
export function maxPoolGradientReference(
  inputs: MaxPoolGradientInputs,
  { size, stride, padding }: PoolGeometry,
): Tensor[] {
  const { outputGradient, input, output } = inputs;
  return [
    tidy(() => {
      const padded = surround(input, padding, -Infinity);
      const [batch, height, width, channels] = padded.shape;
      const [, rows, columns] = output.shape as Shape4D;
      let taken: Tensor | undefined;
      let gradient: Tensor = zeros(padded.shape);
      for (let row = 0; row < size; row++) {
        for (let column = 0; column < size; column++) {
          const end: Shape4D = [
            batch,
            row + (rows - 1) * stride + 1,
            column + (columns - 1) * stride + 1,
            channels,
          ];
          const values = stridedSlice(padded, [0, row, column, 0], end, [1, stride, stride, 1]);
          const largest = equal(values, output);
          const chosen = taken ? logicalAnd(largest, logicalNot(taken)) : largest;
          taken = taken ? logicalOr(taken, largest) : largest;
          const passed = mul(outputGradient, cast(chosen, "float32")) as Tensor4D;
          gradient = add(gradient, place(dilate(passed, stride), row, column, height, width));
        }
      }
      return crop(gradient, padding);
    }),
  ];
}

export function averagePoolReference({ input }: PoolInputs, geometry: PoolGeometry): Tensor[] {
  return [
    tidy(() => {
      const padded = surround(input, geometry.padding, 0);
      return avgPool(padded, geometry.size, geometry.stride, "valid");
    }),
  ];
}

/** Mean pooling is a convolution with a constant filter, so its gradient is mean pooling too. */
export function averagePoolGradientReference(
  { outputGradient }: PoolGradientInputs,
  { size, stride, padding, inputShape }: PoolGeometry & Sized,
): Tensor[] {
  return [
    tidy(() => {
      const [, height, width] = inputShape as Shape4D;
      const dilated = dilate(outputGradient as Tensor4D, stride);
      const spread = size - 1;
      const placed = place(
        dilated,
        spread,
        spread,
        height + 2 * padding + spread,
        width + 2 * padding + spread,
      );
      return crop(avgPool(placed, size, 1, "valid"), padding);
    }),
  ];
}

export function globalAveragePoolReference({ input }: PoolInputs): Tensor[] {
  const [batch, height, width, channels] = input.shape as Shape4D;
  return [
    tidy(() =>
      reshape(avgPool(input as Tensor4D, [height, width], [height, width], "valid"), [
        batch,
        channels,
      ]),
    ),
  ];
}

export function globalAveragePoolGradientReference(
  { outputGradient }: PoolGradientInputs,
  { inputShape }: Sized,
): Tensor[] {
  const [batch, height, width, channels] = inputShape as Shape4D;
  return [
    tidy(() => {
      const share = div(outputGradient as Tensor2D, height * width);
      return reshape(tile(share, [1, height * width]), [batch, height, width, channels]);
    }),
  ];
}
