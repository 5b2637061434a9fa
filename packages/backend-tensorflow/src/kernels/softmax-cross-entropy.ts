import type { softmaxCrossEntropyOp } from "@bn-only/frozen-layers";
import { type Tensor, argMax, cast, equal, mean, mul, sum, tidy } from "@tensorflow/tfjs-core";
import { attributes, type TensorflowKernel } from "./backend.ts";

/** SparseSoftmaxCrossEntropyWithLogits: loss and gradient of every row at once. */
export const softmaxCrossEntropyTensorflow: TensorflowKernel<typeof softmaxCrossEntropyOp> = (
  { logits, labels },
  _attributes,
  backend,
) => {
  return tidy(() => {
    const attrs = attributes(backend, { type: { T: "float32", Tlabels: "int32" } });
    const [losses, gradients] = backend.executeMultipleOutputs(
      "SparseSoftmaxCrossEntropyWithLogits",
      attrs,
      [logits, labels],
      2,
    ) as [Tensor, Tensor];
    const correct = sum(cast(equal(argMax(logits, 1), labels), "float32"));
    const gradient = mul(gradients, 1 / logits.shape[0]!);
    return { loss: mean(losses), correct, gradient };
  });
};
