import {
  disposingOnError,
  type Network,
  type Pass,
  runOp,
  softmaxCrossEntropyOp,
  trainingPass,
} from "@bn-only/frozen-layers";
import { stack, tensor, tensor1d, type Tensor1D } from "@tensorflow/tfjs-core";
import { assertNetwork, assertThat } from "./check.ts";
import { Learner } from "./learner.ts";
import type { OptimizerStep } from "./optimizers/optimizer.ts";
import type { Batch } from "./types.ts";
import { assertBatch } from "./validate.ts";

/**
 * One step of training: forward, loss, backward, update.
 *
 * It is a transaction. Until all is computed nothing of the network changes, so that an error in
 * the middle leaves network, learner and the number of tensors as they were.
 *
 * @param learner undefined when nothing trains; running statistics move all the same
 * @returns `[loss, correct]` as one tensor, for one read; the caller owns it.
 */
export function trainingStep(
  network: Network,
  batch: Batch,
  learner: Learner | undefined,
  step: OptimizerStep,
): Tensor1D {
  assertThat(learner === undefined || learner instanceof Learner, "learner", "a Learner", learner);
  assertThat(typeof step?.learningRate === "number", "step", "{ learningRate, step }", step);
  const { metrics, pass, update } = disposingOnError(() => {
    const computed = lossAndGradients(network, batch);
    return { ...computed, update: learner?.update(computed.pass.gradients, step) };
  });
  pass.gradients.forEach((gradient) => gradient.dispose());
  pass.statisticsUpdates.forEach((value, statistic) => statistic.set(value));
  if (update) learner!.commit(update);
  return metrics;
}

/** Forward with batch statistics, loss, and backward down to the lowest trainable parameter. */
export function lossAndGradients(
  network: Network,
  batch: Batch,
): { metrics: Tensor1D; pass: Pass } {
  assertNetwork("training", network);
  assertBatch(network, batch);
  const trains = network.trainable.length > 0;
  const pass = trainingPass({ record: trains });
  const images = tensor(batch.images, [batch.size, ...network.inputShape]);
  const labels = tensor1d(batch.labels, "int32");
  const { output: logits, saved } = network.layer.forward(network.accept(images), pass);
  const { loss, correct, gradient } = runOp(softmaxCrossEntropyOp, { logits, labels }, {});
  const metrics = stack([loss, correct]) as Tensor1D;
  [logits, labels, loss, correct].forEach((used) => used.dispose());
  if (trains) network.layer.backward(saved, gradient, pass);
  else gradient.dispose();
  return { metrics, pass };
}
