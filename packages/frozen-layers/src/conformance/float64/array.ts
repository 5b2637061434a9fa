import { type Shape, sizeOf } from "../../shape.ts";

/** A dense array in float64, row-major: what a tensor would be without rounding. */
export interface Array64 {
  readonly shape: Shape;
  readonly values: Float64Array;
}

export function zeros64(shape: Shape): Array64 {
  return { shape, values: new Float64Array(sizeOf(shape)) };
}

/** Index of `[a, b, c, d]` in a four-dimensional array. */
export function index4(shape: Shape, a: number, b: number, c: number, d: number): number {
  return ((a * shape[1]! + b) * shape[2]! + c) * shape[3]! + d;
}

/** `‖actual − expected‖ / ‖expected‖`, or the norm itself where nothing was expected. */
export function relativeError(actual: ArrayLike<number>, expected: Array64): number {
  let difference = 0;
  let norm = 0;
  expected.values.forEach((value, i) => {
    difference += (actual[i]! - value) ** 2;
    norm += value ** 2;
  });
  return norm === 0 ? Math.sqrt(difference) : Math.sqrt(difference / norm);
}
