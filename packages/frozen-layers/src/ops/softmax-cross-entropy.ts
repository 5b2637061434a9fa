import type { Scalar, Tensor, Tensor2D } from "@tensorflow/tfjs-core";
import { ShapeError } from "../errors.ts";
import { formatShape } from "../shape.ts";
import { defineOp, type Op } from "./op.ts";

export type SoftmaxCrossEntropyInputs = {
  /** `[batch, classes]` */
  readonly logits: Tensor;
  /** `[batch]`, int32, each from 0 to `classes − 1`. */
  readonly labels: Tensor;
};

/** What `softmaxCrossEntropyOp` gives for a batch. */
export type SoftmaxCrossEntropy = {
  /** Mean over the batch of `log Σ exp(logits) − logits[label]`, in nats. */
  readonly loss: Scalar;
  /** How many of the batch have their largest logit at the label. */
  readonly correct: Scalar;
  /** dLoss/dLogits: `(softmax(logits) − onehot(label)) / batch`, `[batch, classes]`. */
  readonly gradient: Tensor2D;
};

/** Loss, hits and gradient at once. */
export const softmaxCrossEntropyOp: Op<SoftmaxCrossEntropyInputs, object, SoftmaxCrossEntropy> =
  defineOp({
    name: "BnOnlySoftmaxCrossEntropy",
    indices: ["labels"],
    check({ logits, labels }) {
      if (logits.rank === 2 && labels.rank === 1 && logits.shape[0] === labels.shape[0]) return;
      throw new ShapeError(
        `softmaxCrossEntropy: expected logits [batch,classes] and labels [batch], got ` +
          `${formatShape(logits.shape)} and ${formatShape(labels.shape)}.`,
      );
    },
  });
