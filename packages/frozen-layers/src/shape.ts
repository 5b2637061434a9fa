import { ShapeError } from "./errors.ts";

/** Sizes of a tensor, outermost dimension first. */
export type Shape = readonly number[];

export function formatShape(shape: Shape): string {
  return `[${shape.join(",")}]`;
}

export function sizeOf(shape: Shape): number {
  return shape.reduce((size, dimension) => size * dimension, 1);
}

/** `Check the layer before "block2/conv1".`, or nothing for a layer that has no path yet. */
export function hint(path: string): string {
  return path === "" ? "" : ` Check the layer before "${path}".`;
}

/** Throws unless `value` is a whole number of at least `minimum`. */
export function assertWhole(subject: string, value: number, minimum: number): void {
  if (!Number.isSafeInteger(value) || value < minimum) {
    throw new ShapeError(`${subject} must be a whole number of at least ${minimum}, got ${value}.`);
  }
}

/** @throws ShapeError unless both shapes are the same. */
export function assertSameShape(subject: string, a: Shape, b: Shape): void {
  if (formatShape(a) === formatShape(b)) return;
  throw new ShapeError(
    `${subject}: expected two tensors of one shape, got ${formatShape(a)} and ${formatShape(b)}.`,
  );
}

/** @throws ShapeError unless `vector` is `[channels]` of a tensor `[…, channels]`. */
export function assertChannels(subject: string, shape: Shape, vector: Shape): void {
  if (vector.length === 1 && shape.at(-1) === vector[0]) return;
  throw new ShapeError(
    `${subject}: expected one number for each of the ${shape.at(-1)} channels of ${formatShape(shape)}, ` +
      `got ${formatShape(vector)}.`,
  );
}
