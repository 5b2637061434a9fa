import {
  type Network,
  type Parameter,
  type Pass,
  runOp,
  softmaxCrossEntropyOp,
} from "@bn-only/frozen-layers";
import { keep, stack, type Tensor, tensor, tensor1d, type Tensor1D } from "@tensorflow/tfjs-core";
import { type SgdOptions, type SgdState, updateSgd } from "./optimizers/sgd.ts";
import { disposingOnError } from "./transaction.ts";
import type { Batch } from "./types.ts";

/** What moves in training, beside the network itself. */
export interface TrainingState {
  /** Absent when nothing trains. */
  sgd: SgdState | undefined;
}

/**
 * One step of training: forward, loss, backward, update.
 *
 * It is a transaction. Until all is computed nothing of the network changes, so that an error in
 * the middle leaves network, state and the number of tensors as they were.
 *
 * @returns `[loss, correct]` as one tensor, for one read; the caller owns it.
 */
export function trainingStep(
  network: Network,
  batch: Batch,
  state: TrainingState,
  options: SgdOptions,
): Tensor1D {
  const trainable = network.trainable;
  const { metrics, pass, update } = disposingOnError(() => {
    const computed = lossAndGradients(network, batch);
    const { gradients } = computed.pass;
    return {
      ...computed,
      update: state.sgd && updateSgd(state.sgd, trainable, gradients, options),
    };
  });

  pass.gradients.forEach((gradient) => gradient.dispose());
  pass.statisticsUpdates.forEach((value, buffer) => buffer.set(value));
  if (update) {
    trainable.forEach((parameter, i) => parameter.set(update.values[i]!));
    disposeSgd(state);
    state.sgd = {
      parameters: keep(update.state.parameters),
      velocity: keep(update.state.velocity),
    };
  }
  return metrics;
}

export function disposeSgd(state: TrainingState): void {
  state.sgd?.parameters.dispose();
  state.sgd?.velocity.dispose();
  state.sgd = undefined;
}

/** Forward with batch statistics, loss, and backward down to the lowest trainable parameter. */
export function lossAndGradients(
  network: Network,
  batch: Batch,
): { metrics: Tensor1D; pass: Pass } {
  const trains = network.trainable.length > 0;
  const pass: Pass = {
    statistics: "batch",
    updateStatistics: true,
    record: trains,
    inputGradient: false,
    gradients: new Map<Parameter, Tensor>(),
    statisticsUpdates: new Map(),
  };
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
