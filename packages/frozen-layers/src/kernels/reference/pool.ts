import {
  type Tensor,
  type Tensor2D,
  type Tensor4D,
  add,
  avgPool,
  cast,
  div,
  equal,
  fill,
  greater,
  isNaN,
  logicalAnd,
  logicalNot,
  logicalOr,
  maxPool,
  mul,
  reshape,
  stridedSlice,
  tidy,
  tile,
  where,
  zeros,
} from "@tensorflow/tfjs-core";
import type { ReferenceKernel } from "../../ops/op.ts";
import type {
  averagePoolGradientOp,
  averagePoolOp,
  globalAveragePoolGradientOp,
  globalAveragePoolOp,
  maxPoolGradientOp,
  maxPoolOp,
} from "../../ops/pool.ts";
import { dilate, place } from "./dilate.ts";
import { crop, surround } from "./margin.ts";

type Shape4D = [number, number, number, number];

export const maxPoolReference: ReferenceKernel<typeof maxPoolOp> = (
  { input },
  { size, stride, padding },
) => ({
  output: tidy(() => {
    const padded = surround(input, padding, -Infinity);
    const largest = (values: Tensor4D) => maxPool(values, size, stride, "valid");
    const pooled = largest(padded);
    // tfjs passes over NaN, and a network that has diverged would look sound.
    const lost = greater(largest(cast(isNaN(padded), "float32")), 0);
    return where(lost, fill(pooled.shape, NaN), pooled);
  }),
});

/**
 * Walks over the positions of the window; each output gradient goes to the first position that
 * holds the output's value. tfjs-backend-wasm's own MaxPoolGrad loses gradients where the largest
 * value is not positive.
 */
export const maxPoolGradientReference: ReferenceKernel<typeof maxPoolGradientOp> = (
  { outputGradient, input, output },
  { size, stride, padding },
) => ({
  inputGradient: tidy(() => {
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
});

export const averagePoolReference: ReferenceKernel<typeof averagePoolOp> = (
  { input },
  { size, stride, padding },
) => ({ output: tidy(() => avgPool(surround(input, padding, 0), size, stride, "valid")) });

/** Mean pooling is a convolution with a constant filter, so its gradient is mean pooling too. */
export const averagePoolGradientReference: ReferenceKernel<typeof averagePoolGradientOp> = (
  { outputGradient },
  { size, stride, padding, inputShape },
) => ({
  inputGradient: tidy(() => {
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
});

export const globalAveragePoolReference: ReferenceKernel<typeof globalAveragePoolOp> = ({
  input,
}) => {
  const [batch, height, width, channels] = input.shape as Shape4D;
  const mean = (images: Tensor4D) => avgPool(images, [height, width], [height, width], "valid");
  return { output: tidy(() => reshape(mean(input as Tensor4D), [batch, channels])) };
};

export const globalAveragePoolGradientReference: ReferenceKernel<
  typeof globalAveragePoolGradientOp
> = ({ outputGradient }, { inputShape }) => {
  const [batch, height, width, channels] = inputShape as Shape4D;
  return {
    inputGradient: tidy(() => {
      const share = div(outputGradient as Tensor2D, height * width);
      return reshape(tile(share, [1, height * width]), [batch, height, width, channels]);
    }),
  };
};
