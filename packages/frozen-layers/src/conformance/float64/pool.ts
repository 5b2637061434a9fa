import type { PoolGeometry } from "../../ops/pool.ts";
import type { Shape } from "../../shape.ts";
import { type Array64, index4, zeros64 } from "./array.ts";

/** Calls `visit` with the positions of the pixels that each window covers, in row-major order. */
function forEachWindow(
  inputShape: Shape,
  outputShape: Shape,
  { size, stride, padding }: PoolGeometry,
  visit: (output: number, inputs: number[]) => void,
): void {
  const [batch, height, width, channels] = inputShape as [number, number, number, number];
  const [, rows, columns] = outputShape as [number, number, number, number];
  for (let n = 0; n < batch; n++)
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++)
        for (let c = 0; c < channels; c++) {
          const inputs: number[] = [];
          for (let u = 0; u < size; u++)
            for (let v = 0; v < size; v++) {
              const row = i * stride + u - padding;
              const column = j * stride + v - padding;
              const inside = row >= 0 && column >= 0 && row < height && column < width;
              if (inside) inputs.push(index4(inputShape, n, row, column, c));
            }
          visit(index4(outputShape, n, i, j, c), inputs);
        }
}

const largest = (values: Float64Array, positions: number[]): number =>
  positions.reduce((best, position) => (values[position]! > values[best]! ? position : best));

export function maxPool64(input: Array64, geometry: PoolGeometry, outputShape: Shape): Array64 {
  const output = zeros64(outputShape);
  forEachWindow(input.shape, outputShape, geometry, (y, positions) => {
    output.values[y] = input.values[largest(input.values, positions)]!;
  });
  return output;
}

export function maxPoolGradient64(
  outputGradient: Array64,
  input: Array64,
  geometry: PoolGeometry,
): Array64 {
  const gradient = zeros64(input.shape);
  forEachWindow(input.shape, outputGradient.shape, geometry, (y, positions) => {
    gradient.values[largest(input.values, positions)]! += outputGradient.values[y]!;
  });
  return gradient;
}

export function averagePool64(input: Array64, geometry: PoolGeometry, outputShape: Shape): Array64 {
  const output = zeros64(outputShape);
  forEachWindow(input.shape, outputShape, geometry, (y, positions) => {
    for (const x of positions) output.values[y]! += input.values[x]! / geometry.size ** 2;
  });
  return output;
}

export function averagePoolGradient64(
  outputGradient: Array64,
  inputShape: Shape,
  geometry: PoolGeometry,
): Array64 {
  const gradient = zeros64(inputShape);
  forEachWindow(inputShape, outputGradient.shape, geometry, (y, positions) => {
    for (const x of positions)
      gradient.values[x]! += outputGradient.values[y]! / geometry.size ** 2;
  });
  return gradient;
}
