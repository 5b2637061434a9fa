import {
  disposingOnError,
  type Network,
  runOp,
  softmaxCrossEntropyOp,
} from "@bn-only/frozen-layers";
import { argMax, type Tensor, tensor, tensor1d } from "@tensorflow/tfjs-core";
import { assertNames, assertSignal } from "./check.ts";
import { assertOptions, whole } from "./options.ts";
import { pause } from "./pause.ts";
import { readBatches } from "./read-batches.ts";
import type { Batch, BatchSource } from "./types.ts";
import { assertSource } from "./validate.ts";
import { explainMemory } from "./what-fits.ts";

export interface EvaluateOptions {
  /** Images at a time; the result does not depend on it but for rounding. Default 256. */
  readonly batchSize?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface Evaluation {
  /** Mean cross-entropy, in nats. */
  readonly loss: number;
  /** 0 to 1. */
  readonly accuracy: number;
  /** Most likely class of every image, in the order of the source. */
  readonly predictions: Int32Array;
}

/**
 * Loss and accuracy with running statistics; changes nothing.
 *
 * @throws OutOfMemoryError when a batch is too large, with the number of images that would fit.
 */
export async function evaluate(
  network: Network,
  source: BatchSource,
  options: EvaluateOptions = {},
): Promise<Evaluation> {
  assertNames("evaluate", options, { batchSize: true, signal: true });
  const { batchSize = 256, signal } = options;
  assertSignal("evaluate", signal);
  assertOptions("evaluate", { batchSize }, { batchSize: whole });
  assertSource(network, source, "test");
  const predictions = new Int32Array(source.size);
  let seen = 0;
  let lossSum = 0;
  let correct = 0;
  for await (const batch of readBatches(network, source, { epoch: 0, batchSize }, { signal })) {
    signal?.throwIfAborted();
    const { loss, classes } = evaluateBatch(network, batch);
    let predicted: ArrayLike<number>;
    try {
      lossSum += (await loss.data())[0]! * batch.size;
      predicted = await classes.data();
    } finally {
      loss.dispose();
      classes.dispose();
    }
    for (let i = 0; i < batch.size; i++) {
      predictions[seen + i] = predicted[i]!;
      if (predicted[i] === batch.labels[i]) correct += 1;
    }
    seen += batch.size;
    await pause();
  }
  return { loss: lossSum / seen, accuracy: correct / seen, predictions };
}

interface Evaluated {
  readonly loss: Tensor;
  readonly classes: Tensor;
}

function evaluateBatch(network: Network, batch: Batch): Evaluated {
  try {
    return disposingOnError(() => compute(network, batch));
  } catch (error) {
    const words = { doing: "evaluate", option: "batchSize", advice: "" };
    throw explainMemory(error, words, network, batch, (few) => void compute(network, few));
  }
}

function compute(network: Network, batch: Batch): Evaluated {
  const logits = network.predict(tensor(batch.images, [batch.size, ...network.inputShape]));
  const labels = tensor1d(batch.labels, "int32");
  const { loss, correct, gradient } = runOp(softmaxCrossEntropyOp, { logits, labels }, {});
  const classes = argMax(logits, 1);
  [logits, labels, correct, gradient].forEach((used) => used.dispose());
  return { loss, classes };
}
