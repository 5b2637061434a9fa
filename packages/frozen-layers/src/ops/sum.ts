import type { Tensor } from "@tensorflow/tfjs-core";
import { assertSameShape } from "../shape.ts";
import { defineOp, type Op } from "./op.ts";

export type SumInputs = {
  readonly a: Tensor;
  /** Of the same shape. */
  readonly b: Tensor;
};

/** `output = a + b`, where two branches meet. Owns both. */
export const sumOp: Op<SumInputs, object, { readonly output: Tensor }> = defineOp({
  name: "BnOnlySum",
  owns: ["a", "b"],
  check: ({ a, b }) => assertSameShape("sum", a.shape, b.shape),
});
