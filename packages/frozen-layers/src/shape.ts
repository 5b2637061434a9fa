import { didYouMean, show } from "@bn-only/errors";
import { ShapeError } from "./errors.ts";

/** Sizes of a tensor, outermost dimension first. */
export type Shape = readonly number[];

export function formatShape(shape: Shape): string {
  return `[${shape.map((length) => (typeof length === "number" ? length : show(length))).join(",")}]`;
}

export function sizeOf(shape: Shape): number {
  return shape.reduce((size, dimension) => size * dimension, 1);
}

/** `Check the layer before "block2/conv1".`, or nothing for a layer that has no path yet. */
export function hint(path: string): string {
  return path === "" ? "" : ` Check the layer before "${path}".`;
}

/** Throws unless `value` is a whole number of at least `minimum`. */
export function assertWhole(subject: string, value: unknown, minimum: number): void {
  if (!Number.isSafeInteger(value) || (value as number) < minimum) {
    throw new ShapeError(
      `${subject} must be a whole number of at least ${minimum}, got ${show(value)}.`,
    );
  }
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((length, i) => length === b[i]);
}

/** @throws ShapeError unless `value` is a finite number in the range. */
export function assertNumber(
  subject: string,
  value: unknown,
  range: string,
  inside: (value: number) => boolean,
): void {
  if (typeof value === "number" && Number.isFinite(value) && inside(value)) return;
  throw new ShapeError(`${subject} must be a number ${range}, got ${show(value)}.`);
}

/** @throws ShapeError unless both shapes are the same. */
export function assertSameShape(subject: string, a: Shape, b: Shape): void {
  if (sameShape(a, b)) return;
  throw new ShapeError(
    `${subject}: expected two tensors of one shape, got ${formatShape(a)} and ${formatShape(b)}.`,
  );
}

/** @throws ShapeError unless a tensor has this shape. */
export function assertShape(
  op: string,
  name: string,
  tensor: { readonly shape: Shape } | undefined,
  expected: Shape,
): void {
  if (tensor && sameShape(tensor.shape, expected)) return;
  throw new ShapeError(
    `${op}: expected ${name} of shape ${formatShape(expected)}, got ${tensor ? formatShape(tensor.shape) : "none"}.`,
  );
}

/** The same of a tensor that may be absent. */
export function assertShapeIfAny(
  ...[op, name, tensor, expected]: Parameters<typeof assertShape>
): void {
  if (tensor !== undefined) assertShape(op, name, tensor, expected);
}

/** Larger tensors than any backend could hold. */
const MOST_NUMBERS = 2 ** 31;

/** @throws ShapeError for a result that no memory could hold; `shape` is that of one image or of all. */
export function assertPossible(subject: string, shape: Shape): void {
  if (sizeOf(shape) <= MOST_NUMBERS) return;
  throw new ShapeError(
    `${subject}: the result would be ${formatShape(shape)}, more than the 2^31 numbers that a tensor can have.`,
  );
}

/** @throws ShapeError unless `shape` has one length for each of the names, `[batch,inputs]`. */
export function assertRank(subject: string, shape: Shape, names: string, rank: number): void {
  if (shape.length === rank) return;
  throw new ShapeError(
    `${subject}: expected a tensor of shape ${names}, got ${formatShape(shape)}.`,
  );
}

/** @throws ShapeError unless `shape` is that of images, `[batch,height,width,channels]`. */
export function assertImages(subject: string, shape: Shape): void {
  assertRank(subject, shape, "[batch,height,width,channels]", 4);
}

/** @throws ShapeError unless `value` is one of the names; `subject` is what stands before it. */
export function assertOneOf(subject: string, value: unknown, names: readonly string[]): void {
  if (names.includes(value as string)) return;
  throw new ShapeError(
    `${subject} ${show(value)} does not exist${didYouMean(value, names)} Choose one of ${names.join(", ")}.`,
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
