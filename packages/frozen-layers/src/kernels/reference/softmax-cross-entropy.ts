import {
  argMax,
  cast,
  div,
  equal,
  exp,
  expandDims,
  log,
  max,
  mean,
  mul,
  range,
  sub,
  sum,
  tidy,
} from "@tensorflow/tfjs-core";
import type { ReferenceKernel } from "../../ops/op.ts";
import type {
  SoftmaxCrossEntropy,
  softmaxCrossEntropyOp,
} from "../../ops/softmax-cross-entropy.ts";

export const softmaxCrossEntropyReference: ReferenceKernel<typeof softmaxCrossEntropyOp> = ({
  logits,
  labels,
}) =>
  tidy(() => {
    const [batch, classes] = logits.shape as [number, number];
    const target = cast(
      equal(expandDims(cast(labels, "int32"), 1), range(0, classes, 1, "int32")),
      "float32",
    );
    const shifted = sub(logits, max(logits, 1, true));
    const exponentials = exp(shifted);
    const total = sum(exponentials, 1, true);
    const logLikelihood = sub(sum(mul(shifted, target), 1, true), log(total));
    const loss = mul(mean(logLikelihood), -1);
    const gradient = div(sub(div(exponentials, total), target), batch);
    const correct = sum(cast(equal(argMax(logits, 1), cast(labels, "int32")), "float32"));
    return { loss, correct, gradient } as SoftmaxCrossEntropy;
  });
