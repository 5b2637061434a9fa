import { show } from "@bn-only/errors";
import { FrozenLayersError, ShapeError } from "../errors.ts";
import { labelOf, type Op, type OpTensors } from "../ops/op.ts";
import { assertTypes } from "../ops/types.ts";

/**
 * Looks at shapes and types only, never at the numbers.
 *
 * @throws FrozenLayersError for what is no op; ShapeError for inputs and attributes that do not fit it.
 */
export function assertCall<Inputs extends OpTensors, Attributes extends object>(
  op: Op<Inputs, Attributes>,
  inputs: Inputs,
  attributes: Attributes,
): void {
  if (!Array.isArray(op?.indices) || typeof op.name !== "string") {
    throw new FrozenLayersError(`runOp: expected an op, such as conv2dOp, got ${show(op)}.`);
  }
  if (Object(inputs) !== inputs || Object(attributes) !== attributes) {
    throw new ShapeError(
      `${labelOf(op)}: expected tensors by name and attributes, got ${show(inputs)} and ${show(attributes)}.`,
    );
  }
  assertTypes(op, inputs);
  try {
    op.check?.(inputs, attributes);
  } catch (error) {
    if (FrozenLayersError.isInstance(error)) throw error;
    throw new ShapeError(
      `${labelOf(op)}: an input or attribute is missing or of the wrong kind; got inputs ${show(inputs)} and ` +
        `attributes ${show(attributes)}.`,
      { cause: error },
    );
  }
}
