import { Tensor } from "@tensorflow/tfjs-core";
import { assertTensor } from "../check.ts";
import { ShapeError } from "../errors.ts";
import { type AnyOp, labelOf, type OpTensors } from "./op.ts";

/**
 * A kernel reads the bytes of a tensor as the type that the op states, and those of another type would be
 * other numbers.
 *
 * @throws ShapeError for an input of another type, one that was disposed, and what is no tensor.
 */
export function assertTypes(op: AnyOp, inputs: OpTensors): void {
  for (const [name, input] of Object.entries(inputs) as [string, Tensor | undefined][]) {
    const expected = op.indices.includes(name) ? "int32" : "float32";
    if (input === undefined) continue;
    if (input instanceof Tensor && input.dtype === expected && !input.isDisposed) continue;
    const which = Array.isArray(inputs) ? `input ${name}` : name;
    assertTensor(`${labelOf(op)}: ${which}`, input);
    throw new ShapeError(
      `${labelOf(op)}: expected ${which} of type ${expected}, got ${input.dtype}. Use tf.cast(x, "${expected}").`,
    );
  }
}
