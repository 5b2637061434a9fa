import { show } from "@bn-only/errors";
import { type Tensor, type Tensor1D, tensor1d } from "@tensorflow/tfjs-core";
import { ShapeError } from "../errors.ts";
import { assertWhole } from "../shape.ts";

/** How many values the indices were checked for, by their data: clones share it, on any backend. */
const sizes = new WeakMap<object, number>();

/**
 * Indices `[k]` of `gatherScalarsOp` and `scatterScalarsOp`, as an int32 tensor that the caller owns. They are checked
 * here, once, where they are still on the host: nothing has to be read back from a GPU in a training step.
 *
 * @param size of the values that they point into
 * @throws ShapeError unless they are distinct, from 0 to `size − 1`.
 */
export function scalarIndices(indices: Int32Array, size: number): Tensor1D {
  assertWhole("scalarIndices: size", size, 1);
  if (!(indices instanceof Int32Array)) {
    throw new ShapeError(`scalarIndices: expected an Int32Array, got ${show(indices)}.`);
  }
  const outside = indices.find((index) => index < 0 || index >= size);
  if (outside !== undefined) {
    throw new ShapeError(`scalarIndices: indices must be from 0 to ${size - 1}, got ${outside}.`);
  }
  if (new Set(indices).size < indices.length) {
    throw new ShapeError("scalarIndices: indices must be distinct, got one of them twice.");
  }
  const tensor = tensor1d(indices.slice(), "int32");
  sizes.set(tensor.dataId, size);
  return tensor;
}

/** @throws ShapeError for indices that `scalarIndices` did not make, or made for more values. */
export function assertScalarIndices(op: string, indices: Tensor, size: number): void {
  const checked = sizes.get(indices.dataId);
  if (checked === undefined) {
    throw new ShapeError(`${op}: indices must be made by scalarIndices(), which checks them once.`);
  }
  if (checked > size) {
    throw new ShapeError(`${op}: the indices are into ${checked} values, got only ${size}.`);
  }
}
