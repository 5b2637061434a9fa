import type { Tensor } from "@tensorflow/tfjs-core";
import { sumReference } from "../kernels/reference/sum.ts";
import { run } from "./dispatch.ts";

export const sumOp = { name: "BnOnlySum", reference: sumReference } as const;

/** `a + b` of one shape, where two branches meet. Owns both, and may write over `a`. */
export function sum(a: Tensor, b: Tensor): Tensor {
  const [result] = run(sumOp, { a, b }, {});
  [a, b].forEach((tensor) => tensor.dispose());
  return result!;
}
