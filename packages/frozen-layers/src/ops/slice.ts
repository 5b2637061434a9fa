import type { Tensor } from "@tensorflow/tfjs-core";
import { ShapeError } from "../errors.ts";
import { assertNumber, assertPossible, formatShape, type Shape } from "../shape.ts";
import { defineOp, type Op } from "./op.ts";

export type SliceAttributes = {
  /** First index in each dimension. */
  readonly begin: Shape;
  /** Length in each dimension. */
  readonly size: Shape;
};

/** A block of a tensor of up to four dimensions. */
export const sliceOp: Op<{ readonly input: Tensor }, SliceAttributes, { readonly output: Tensor }> =
  defineOp({
    name: "BnOnlySlice",
    check({ input: { shape } }, { begin, size }) {
      assertFew("slice", shape);
      const fits =
        begin.length === shape.length &&
        size.length === shape.length &&
        shape.every(
          (length, i) =>
            Number.isInteger(begin[i]) &&
            Number.isInteger(size[i]) &&
            begin[i]! >= 0 &&
            size[i]! > 0 &&
            begin[i]! + size[i]! <= length,
        );
      if (fits) return;
      throw new ShapeError(
        `slice: ${formatShape(size)} from ${formatShape(begin)} on does not lie in ${formatShape(shape)}: ` +
          `expected whole numbers that do.`,
      );
    },
  });

function assertFew(op: string, shape: Shape): void {
  if (shape.length <= 4) return;
  throw new ShapeError(`${op}: expected at most four dimensions, got ${formatShape(shape)}.`);
}

export type PadAttributes = {
  /** How much comes before and behind, in each dimension; at least 0. */
  readonly paddings: readonly (readonly [before: number, behind: number])[];
  readonly value: number;
};

/** A tensor of up to four dimensions with a margin of one value. */
export const padOp: Op<{ readonly input: Tensor }, PadAttributes, { readonly output: Tensor }> =
  defineOp({
    name: "BnOnlyPad",
    check({ input: { shape } }, { paddings, value }) {
      assertFew("pad", shape);
      assertNumber("pad: value", value, "of any size", () => true);
      const fits = paddings.every((pair) =>
        pair.every((width) => Number.isSafeInteger(width) && width >= 0),
      );
      if (paddings.length === shape.length && fits) {
        return assertPossible(
          "pad",
          shape.map((length, i) => length + paddings[i]![0] + paddings[i]![1]),
        );
      }
      throw new ShapeError(
        `pad: expected two whole widths from 0 for each dimension of ${formatShape(shape)}, got ` +
          `[${paddings.map((pair) => formatShape(pair)).join(",")}].`,
      );
    },
  });
