import { countScalars, type Network, type Selector } from "@bn-only/frozen-layers";
import { currentBackendName } from "@bn-only/backends";
import { type Condition, conditionSelector } from "./conditions.ts";
import { DivergedError } from "./errors.ts";
import { evaluate } from "./evaluate.ts";
import { type Hyperparameters, resolveHyperparameters } from "./hyperparameters.ts";
import { initializeSgd } from "./optimizers/sgd.ts";
import { pause } from "./pause.ts";
import { learningRateAt } from "./schedules/milestones.ts";
import { disposeSgd, type TrainingState, trainingStep } from "./training-step.ts";
import type { BatchSource, EpochEvent, TrainCallback, TrainEvent } from "./types.ts";
import { assertBatch, assertFinite, assertSource } from "./validate.ts";

export interface TrainOptions {
  /** Changed in place: its trainable parameters and running statistics move. */
  readonly network: Network;
  readonly data: {
    readonly train: BatchSource;
    /** Evaluated after every epoch. */
    readonly test?: BatchSource;
  };
  /** What trains: a condition of the paper or `{ select }` with any selector. Default `bn`. */
  readonly condition?: Condition | { readonly select: Selector };
  /** Default: the paper's recipe for CIFAR-10. */
  readonly hyperparameters?: Partial<Hyperparameters>;
  readonly callbacks?: readonly TrainCallback[];
  /** Stops between two steps; `train` then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

export interface TrainResult {
  readonly history: readonly EpochEvent[];
  readonly testLoss?: number;
  /** Of the last epoch, 0 to 1. */
  readonly testAccuracy?: number;
  readonly trainableParameters: number;
  readonly totalParameters: number;
  readonly steps: number;
  readonly seconds: number;
  /** Of all training, evaluations left out. */
  readonly imagesPerSecond: number;
}

/**
 * Trains a network in place, by default its BatchNorm only.
 *
 * @throws InvalidOptionError for hyperparameters, conditions or data that do not fit.
 * @throws DivergedError when the loss or, at the end of an epoch, a parameter or running statistic stops being a
 *   finite number.
 */
export async function train(options: TrainOptions): Promise<TrainResult> {
  const { network, data, condition = "bn", callbacks = [], signal } = options;
  const hyperparameters = resolveHyperparameters(options.hyperparameters);
  const { epochs, batchSize } = hyperparameters;
  assertSource(network, data.train, "train");
  if (data.test) assertSource(network, data.test, "test");
  network.setTrainable(
    typeof condition === "string" ? conditionSelector(condition) : condition.select,
  );

  const stepsPerEpoch = Math.ceil(data.train.size / batchSize);
  const steps = epochs * stepsPerEpoch;
  const trainableParameters = countScalars(network.trainable);
  const totalParameters = countScalars(network.parameters);
  const history: EpochEvent[] = [];
  const state: TrainingState = {
    sgd: network.trainable.length > 0 ? initializeSgd(network.trainable) : undefined,
  };
  const tell = async (event: TrainEvent): Promise<void> => {
    for (const callback of callbacks) await callback(event);
  };

  const begin = performance.now();
  let trainingSeconds = 0;
  let step = 0;
  try {
    signal?.throwIfAborted();
    const backend = currentBackendName();
    const counts = { trainableParameters, totalParameters };
    await tell({ event: "start", epochs, steps, stepsPerEpoch, batchSize, ...counts, backend });

    for (let epoch = 0; epoch < epochs; epoch++) {
      const epochBegin = performance.now();
      let lossSum = 0;
      let correctSum = 0;
      let learningRate = hyperparameters.learningRate;

      for await (const batch of data.train.batches({ epoch, batchSize })) {
        signal?.throwIfAborted();
        assertBatch(network, batch);
        learningRate = learningRateAt(step, steps, hyperparameters);
        const metrics = trainingStep(network, batch, state, { ...hyperparameters, learningRate });
        const [loss, correct] = (await metrics.data()) as unknown as [number, number];
        metrics.dispose();
        step += 1;
        if (!Number.isFinite(loss)) throw diverged(loss, step, learningRate);
        lossSum += loss * batch.size;
        correctSum += correct;
        const accuracy = correct / batch.size;
        const images = batch.size;
        await tell({ event: "step", epoch, step, loss, accuracy, learningRate, images });
        await pause();
      }

      await assertFinite(network, step, learningRate);
      const epochSeconds = (performance.now() - epochBegin) / 1000;
      trainingSeconds += epochSeconds;
      const test = data.test && (await evaluate(network, data.test, { signal }));
      const record: EpochEvent = {
        event: "epoch",
        epoch,
        trainLoss: lossSum / data.train.size,
        trainAccuracy: correctSum / data.train.size,
        ...(test && { testLoss: test.loss, testAccuracy: test.accuracy }),
        learningRate,
        seconds: (performance.now() - begin) / 1000,
        imagesPerSecond: data.train.size / epochSeconds,
      };
      history.push(record);
      await tell(record);
    }
  } finally {
    disposeSgd(state);
  }

  const { testLoss, testAccuracy } = history.at(-1)!;
  return {
    history,
    ...(testLoss !== undefined && { testLoss }),
    ...(testAccuracy !== undefined && { testAccuracy }),
    trainableParameters,
    totalParameters,
    steps,
    seconds: (performance.now() - begin) / 1000,
    imagesPerSecond: (epochs * data.train.size) / trainingSeconds,
  };
}

function diverged(loss: number, step: number, learningRate: number): DivergedError {
  return new DivergedError(
    `train: the loss became ${loss} at step ${step}, at a learning rate of ${learningRate}. ` +
      `Lower the learning rate, or check that the images are normalised.`,
  );
}
