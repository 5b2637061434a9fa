import type { Tensor, Tensor1D } from "@tensorflow/tfjs-core";
import { assertRank, assertShape } from "../shape.ts";
import { defineOp, type Op } from "./op.ts";
import { assertScalarIndices } from "./scalar-indices.ts";

export type GatherScalarsInputs = {
  /** `[n]` */
  readonly values: Tensor;
  /** `[k]`, of `scalarIndices(indices, n)`. */
  readonly indices: Tensor;
};

/** `output[i] = values[indices[i]]`, `[k]`. */
export const gatherScalarsOp: Op<GatherScalarsInputs, object, { readonly output: Tensor1D }> =
  defineOp({
    name: "BnOnlyGatherScalars",
    indices: ["indices"],
    check: (inputs) => checkIndices("gatherScalars", inputs),
  });

export type ScatterScalarsInputs = GatherScalarsInputs & {
  /** `[k]` */
  readonly updates: Tensor;
};

/** `values` with `output[indices[i]] = updates[i]`, `[n]`. */
export const scatterScalarsOp: Op<ScatterScalarsInputs, object, { readonly output: Tensor1D }> =
  defineOp({
    name: "BnOnlyScatterScalars",
    indices: ["indices"],
    check(inputs) {
      checkIndices("scatterScalars", inputs);
      assertShape("scatterScalars", "updates", inputs.updates, inputs.indices.shape);
    },
  });

function checkIndices(op: string, { values, indices }: GatherScalarsInputs): void {
  assertRank(op, values.shape, "[n]", 1);
  assertRank(op, indices.shape, "[k]", 1);
  assertScalarIndices(op, indices, values.size);
}
