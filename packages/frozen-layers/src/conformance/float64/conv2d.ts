import type { Conv2DGeometry } from "../../ops/conv2d.ts";
import type { Shape } from "../../shape.ts";
import { type Array64, index4, zeros64 } from "./array.ts";

/** Calls `visit` with the positions of every product that the convolution sums. */
function forEachProduct(
  inputShape: Shape,
  outputShape: Shape,
  { filterShape, stride, padding, groups }: Conv2DGeometry,
  visit: (input: number, filter: number, output: number) => void,
): void {
  const [kernelHeight, kernelWidth, channelsPerGroup, outputs] = filterShape;
  const [batch, height, width] = inputShape as [number, number, number, number];
  const [, outputHeight, outputWidth] = outputShape as [number, number, number, number];
  for (let n = 0; n < batch; n++)
    for (let i = 0; i < outputHeight; i++)
      for (let j = 0; j < outputWidth; j++)
        for (let u = 0; u < kernelHeight; u++)
          for (let v = 0; v < kernelWidth; v++) {
            const row = i * stride + u - padding;
            const column = j * stride + v - padding;
            if (row < 0 || column < 0 || row >= height || column >= width) continue;
            for (let o = 0; o < outputs; o++) {
              const group = Math.floor((o * groups) / outputs);
              for (let c = 0; c < channelsPerGroup; c++) {
                const input = index4(inputShape, n, row, column, group * channelsPerGroup + c);
                visit(input, index4(filterShape, u, v, c, o), index4(outputShape, n, i, j, o));
              }
            }
          }
}

export function conv2d64(
  input: Array64,
  filter: Array64,
  geometry: Conv2DGeometry,
  outputShape: Shape,
): Array64 {
  const output = zeros64(outputShape);
  forEachProduct(input.shape, outputShape, geometry, (x, w, y) => {
    output.values[y]! += input.values[x]! * filter.values[w]!;
  });
  return output;
}

export function conv2dInputGradient64(
  outputGradient: Array64,
  filter: Array64,
  geometry: Conv2DGeometry,
  inputShape: Shape,
): Array64 {
  const gradient = zeros64(inputShape);
  forEachProduct(inputShape, outputGradient.shape, geometry, (x, w, y) => {
    gradient.values[x]! += outputGradient.values[y]! * filter.values[w]!;
  });
  return gradient;
}

export function conv2dFilterGradient64(
  input: Array64,
  outputGradient: Array64,
  geometry: Conv2DGeometry,
): Array64 {
  const gradient = zeros64(geometry.filterShape);
  forEachProduct(input.shape, outputGradient.shape, geometry, (x, w, y) => {
    gradient.values[w]! += input.values[x]! * outputGradient.values[y]!;
  });
  return gradient;
}
