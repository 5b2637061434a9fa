import { type Tensor, argMax, cast, equal, mean, mul, sum, tidy } from "@tensorflow/tfjs-core";
import type { LossInputs } from "@bn-only/frozen-layers/reference";
import { attributes, type TensorflowBackend } from "./backend.ts";

/** SparseSoftmaxCrossEntropyWithLogits: loss and gradient of every row at once. */
export function softmaxCrossEntropyTensorflow(
  { logits, labels }: LossInputs,
  _attributes: object,
  backend: TensorflowBackend,
): Tensor[] {
  return tidy(() => {
    const attrs = attributes(backend, { type: { T: "float32", Tlabels: "int32" } });
    const [losses, gradients] = backend.executeMultipleOutputs(
      "SparseSoftmaxCrossEntropyWithLogits",
      attrs,
      [logits, labels],
      2,
    ) as [Tensor, Tensor];
    const correct = sum(cast(equal(argMax(logits, 1), labels), "float32"));
    return [mean(losses), correct, mul(gradients, 1 / logits.shape[0]!)];
  });
}
