import {
  disposingOnError,
  type Network,
  runOp,
  softmaxCrossEntropyOp,
} from "@bn-only/frozen-layers";
import {
  argMax,
  cast,
  concat1d,
  reshape,
  tensor,
  type Tensor1D,
  tensor1d,
  tidy,
} from "@tensorflow/tfjs-core";
import { assertNames, assertSignal } from "./check.ts";
import { NotFiniteError } from "./errors.ts";
import { LateNumbers } from "./late-numbers.ts";
import { assertOptions, whole } from "./options.ts";
import { pause } from "./pause.ts";
import { readBatches } from "./read-batches.ts";
import type { Batch, BatchSource } from "./types.ts";
import { assertSource } from "./validate.ts";
import { explainMemory } from "./what-fits.ts";

/** Options of `evaluate`, which reads epoch 0 of the source. An abort rejects with the signal's reason. */
export interface EvaluateOptions {
  /** Images at a time; the result does not depend on it but for rounding. Default 256. */
  readonly batchSize?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What `evaluate` found; each image of the source counts once. */
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
 * @throws NotFiniteError for a loss that is not finite; OutOfMemoryError when a batch is too large, with the number of images that would fit.
 */
export async function evaluate(
  network: Network,
  source: BatchSource,
  options: EvaluateOptions = {},
): Promise<Evaluation> {
  const evaluation = await measure(network, source, options);
  if (!Number.isFinite(evaluation.loss)) {
    throw new NotFiniteError(network.name, evaluation.loss);
  }
  return evaluation;
}

/** The same, whatever the loss. */
export async function measure(
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
  const late = new LateNumbers<Batch["labels"]>();
  let [seen, lossSum, correct] = [0, 0, 0];
  const add = async (): Promise<void> => {
    for await (const [[loss, ...classes], labels] of late.read()) {
      lossSum += loss! * labels.length;
      predictions.set(classes, seen);
      correct += classes.filter((predicted, i) => predicted === labels[i]).length;
      seen += labels.length;
    }
  };
  try {
    for await (const batch of readBatches(network, source, { epoch: 0, batchSize }, { signal })) {
      signal?.throwIfAborted();
      late.add(evaluateBatch(network, batch), batch.labels, batch.images.byteLength);
      if (late.due()) await add();
      await pause();
    }
    await add();
  } finally {
    late.dispose();
  }
  return { loss: lossSum / seen, accuracy: correct / seen, predictions };
}

/** `[loss, class, class, …]`, for one read. */
function evaluateBatch(network: Network, batch: Batch): Tensor1D {
  try {
    return disposingOnError(() => compute(network, batch));
  } catch (error) {
    const words = { doing: "evaluate", option: "batchSize", advice: "" };
    throw explainMemory(error, words, network, batch, (few) => void compute(network, few));
  }
}

function compute(network: Network, batch: Batch): Tensor1D {
  const logits = network.predict(tensor(batch.images, [batch.size, ...network.inputShape]));
  const labels = tensor1d(batch.labels, "int32");
  const { loss, correct, gradient } = runOp(softmaxCrossEntropyOp, { logits, labels }, {});
  const numbers = tidy(() => {
    const classes = cast(argMax(logits, 1), "float32") as Tensor1D;
    return concat1d([reshape(loss, [1]) as Tensor1D, classes]);
  });
  [logits, labels, loss, correct, gradient].forEach((used) => used.dispose());
  return numbers;
}
