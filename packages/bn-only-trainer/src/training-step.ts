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
import { checkBatch } from "./validate.ts";
import { explainMemory } from "./what-fits.ts";

/**
 * One step of training: forward, loss, backward, update.
 *
 * It is a transaction. Until all is computed nothing of the network changes, so that an error in
 * the middle leaves network, learner and the number of tensors as they were.
 *
 * @throws OutOfMemoryError when the batch is too large, with the number of images that would fit.
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
  const { metrics, pass, update } = fitting(network, batch, () => {
    const computed = compute(network, batch);
    computed.pass.statisticsUpdates.forEach((value, statistic) => statistic.assertFits(value));
    return { ...computed, update: learner?.update(computed.pass.gradients, step) };
  });
  pass.gradients.forEach((gradient) => gradient.dispose());
  pass.statisticsUpdates.forEach((value, statistic) => statistic.set(value));
  if (update) learner!.commit(update);
  return metrics;
}

/**
 * Forward with batch statistics, loss, and backward down to the lowest trainable parameter. The caller owns
 * the metrics, gradients and statistics.
 *
 * @throws OutOfMemoryError as `trainingStep`; nothing is left then.
 */
export function lossAndGradients(network: Network, batch: Batch): Computed {
  return fitting(network, batch, () => compute(network, batch));
}

interface Computed {
  readonly metrics: Tensor1D;
  readonly pass: Pass;
}

function fitting<Result>(network: Network, batch: Batch, work: () => Result): Result {
  try {
    return disposingOnError(work);
  } catch (error) {
    const words = {
      doing: "train",
      option: "batchSize",
      advice:
        ". Or build the network with checkpointedStages, which takes less memory and more time",
    };
    throw explainMemory(error, words, network, batch, (few) => void compute(network, few));
  }
}

function compute(network: Network, given: Batch): Computed {
  assertNetwork("training", network);
  const batch = checkBatch(network, given);
  const trains = network.trainable.length > 0;
  const pass = trainingPass({ record: trains });
  const images = tensor(batch.images, [batch.size, ...network.inputShape], "float32");
  const labels = tensor1d(batch.labels, "int32");
  const { output: logits, saved } = network.layer.forward(network.accept(images), pass);
  const { loss, correct, gradient } = runOp(softmaxCrossEntropyOp, { logits, labels }, {});
  const metrics = stack([loss, correct]) as Tensor1D;
  [logits, labels, loss, correct].forEach((used) => used.dispose());
  if (trains) network.layer.backward(saved, gradient, pass);
  else gradient.dispose();
  return { metrics, pass };
}
