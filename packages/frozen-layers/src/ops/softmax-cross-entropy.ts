import type { Scalar, Tensor, Tensor2D } from "@tensorflow/tfjs-core";
import { ShapeError } from "../errors.ts";
import { softmaxCrossEntropyReference } from "../kernels/reference/softmax-cross-entropy.ts";
import { formatShape } from "../shape.ts";
import { run } from "./dispatch.ts";

export const softmaxCrossEntropyOp = {
  name: "BnOnlySoftmaxCrossEntropy",
  reference: softmaxCrossEntropyReference,
} as const;

export interface SoftmaxCrossEntropy {
  /** Mean over the batch of `log Σ exp(logits) − logits[label]`, in nats. */
  readonly loss: Scalar;
  /** How many of the batch have their largest logit at the label. */
  readonly correct: Scalar;
  /** dLoss/dLogits: `(softmax(logits) − onehot(label)) / batch`, `[batch, classes]`. */
  readonly gradient: Tensor2D;
}

/**
 * Loss, hits and gradient at once.
 *
 * @param logits `[batch, classes]`
 * @param labels `[batch]`, int32, each from 0 to `classes − 1`
 * @throws ShapeError when there is not one label for each row of logits.
 */
export function softmaxCrossEntropy(logits: Tensor, labels: Tensor): SoftmaxCrossEntropy {
  if (logits.rank !== 2 || labels.rank !== 1 || logits.shape[0] !== labels.shape[0]) {
    throw new ShapeError(
      `softmaxCrossEntropy: expected logits [batch,classes] and labels [batch], got ` +
        `${formatShape(logits.shape)} and ${formatShape(labels.shape)}.`,
    );
  }
  const [loss, correct, gradient] = run(softmaxCrossEntropyOp, { logits, labels }, {}) as [
    Scalar,
    Scalar,
    Tensor2D,
  ];
  return { loss, correct, gradient };
}
