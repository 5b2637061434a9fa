import { currentBackendName } from "@bn-only/backends";
import {
  countScalars,
  countTrainable,
  type Network,
  type RunningStatistic,
  type Selector,
  type TrainableSelection,
} from "@bn-only/frozen-layers";
import { type Condition, conditionSelection } from "./conditions.ts";
import { EpochMeter } from "./epoch-meter.ts";
import { diverged } from "./errors.ts";
import { evaluate } from "./evaluate.ts";
import { fixedStatistics, fixStatistics, named } from "./fixed-statistics.ts";
import { Learner } from "./learner.ts";
import { assertOptions, whole } from "./options.ts";
import type { Optimizer } from "./optimizers/optimizer.ts";
import { sgd } from "./optimizers/sgd.ts";
import { pause } from "./pause.ts";
import { paperRecipe } from "./recipe.ts";
import { captureCallbacks, restoreCallbacks, tellCallbacks } from "./run-callbacks.ts";
import { milestones } from "./schedules/milestones.ts";
import type { Schedule } from "./schedules/schedule.ts";
import { assertSameRun, captureTensors, restoreTensors } from "./state/capture.ts";
import { identityOf } from "./state/identity.ts";
import type { RunIdentity, TrainingState } from "./state/training-state.ts";
import { trainingStep } from "./training-step.ts";
import type {
  BatchSource,
  EpochEvent,
  StatefulCallback,
  TrainCallback,
  TrainContext,
  TrainEvent,
} from "./types.ts";
import {
  assertBatch,
  assertDelivered,
  assertFinite,
  assertLearningRate,
  assertSource,
} from "./validate.ts";

export interface TrainOptions {
  /** Changed in place: its trainable parameters and running statistics move. */
  readonly network: Network;
  readonly data: {
    readonly train: BatchSource;
    /** Evaluated after every epoch. */
    readonly test?: BatchSource;
  };
  /** What trains: a condition of the paper or `{ select }` with any selection. Default `bn`. */
  readonly condition?: Condition | { readonly select: TrainableSelection };
  /**
   * Running statistics that stand still and normalise in training. Default: all of them where only the
   * head of a trained network trains, none otherwise.
   */
  readonly fixedStatistics?: Selector<RunningStatistic>;
  /** Default 160, the paper's. */
  readonly epochs?: number;
  /** Images per step. Default 128, the paper's; the last step of an epoch takes what is left. */
  readonly batchSize?: number;
  /** Default: `sgd()`, as in the paper. */
  readonly optimizer?: Optimizer;
  /** Default: `milestones()`, as in the paper. */
  readonly schedule?: Schedule;
  readonly callbacks?: readonly (TrainCallback | StatefulCallback)[];
  /** Stops between two steps; `train` then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** The state of an interrupted run, which goes on from there to the same bits. */
  readonly resume?: TrainingState;
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
  /** Why a callback ended the run before its time. */
  readonly stopped?: string;
}

/**
 * Trains a network in place, by default its BatchNorm only.
 *
 * @throws InvalidOptionError for options, data or a state that do not fit.
 * @throws DivergedError when the loss or, at the end of an epoch, a parameter or running statistic stops being a
 *   finite number.
 */
export async function train(options: TrainOptions): Promise<TrainResult> {
  const { network, data, condition = "bn", callbacks = [], signal, resume } = options;
  const { epochs = paperRecipe.epochs, batchSize = paperRecipe.batchSize } = options;
  const { optimizer = sgd() as Optimizer, schedule = milestones() } = options;
  assertOptions("train", { epochs, batchSize }, { epochs: whole, batchSize: whole });
  assertSource(network, data.train, "train");
  if (data.test) assertSource(network, data.test, "test");
  network.setTrainable(
    typeof condition === "string" ? conditionSelection(condition, network) : condition.select,
  );

  const stepsPerEpoch = Math.ceil(data.train.size / batchSize);
  const steps = epochs * stepsPerEpoch;
  const counts = {
    trainableParameters: countTrainable(network.trainable),
    totalParameters: countScalars(network.parameters),
  };
  const unfix = fixStatistics(
    network,
    resume ? named(resume.fixedStatistics) : options.fixedStatistics,
  );
  let identity: Promise<RunIdentity> | undefined;
  const identify = (): Promise<RunIdentity> =>
    (identity ??= identityOf(network, data.train, { epochs, batchSize, optimizer, schedule }));
  const learner = Learner.of(network, optimizer);
  const meter = new EpochMeter(resume);
  const history: EpochEvent[] = [...(resume?.history ?? [])];
  let step = resume?.step ?? 0;
  const end: { reason?: string } = {};

  const context: TrainContext = {
    network,
    history,
    async state() {
      const { sums, seconds } = meter;
      return {
        identity: await identify(),
        step,
        sums,
        history: [...history],
        seconds,
        ...(await captureTensors(network, learner)),
        fixedStatistics: fixedStatistics(network),
        callbacks: captureCallbacks(callbacks),
      };
    },
    stop: (reason) => void (end.reason ??= reason),
  };
  const tell = (event: TrainEvent): Promise<void> => tellCallbacks(callbacks, event, context);

  try {
    if (resume) {
      assertSameRun(await identify(), resume.identity);
      restoreCallbacks(callbacks, resume.callbacks);
      await restoreTensors(network, learner, resume);
    }
    signal?.throwIfAborted();
    const sizes = {
      epochs,
      steps,
      stepsPerEpoch,
      batchSize,
      ...counts,
      backend: currentBackendName(),
    };
    await tell({ event: "start", ...sizes, ...(resume && { resumedAt: step }) });

    for (let epoch = history.length; epoch < epochs && end.reason === undefined; epoch++) {
      let learningRate = schedule(Math.max(step, 1) - 1, steps);
      const startStep = step - epoch * stepsPerEpoch;
      meter.beginEpoch();

      for await (const batch of data.train.batches({ epoch, batchSize, startStep })) {
        if (startStep >= stepsPerEpoch || end.reason !== undefined) break;
        signal?.throwIfAborted();
        assertBatch(network, batch);
        learningRate = assertLearningRate(schedule(step, steps), step);
        const metrics = trainingStep(network, batch, learner, { learningRate, step: step + 1 });
        const [loss, correct] = (await metrics.data()) as unknown as [number, number];
        metrics.dispose();
        step += 1;
        if (!Number.isFinite(loss))
          throw diverged(`the loss became ${loss} at`, step, learningRate);
        meter.add(loss, correct, batch.size);
        const accuracy = correct / batch.size;
        const images = batch.size;
        await tell({ event: "step", epoch, step, loss, accuracy, learningRate, images });
        await pause();
      }

      if (end.reason === undefined) assertDelivered(data.train, meter.sums.images, epoch);
      await assertFinite(network, step, learningRate);
      meter.endTraining();
      const test = data.test && (await evaluate(network, data.test, { signal }));
      const measured = meter.endEpoch();
      const tested = test && { testLoss: test.loss, testAccuracy: test.accuracy };
      const record: EpochEvent = { event: "epoch", epoch, ...measured, ...tested, learningRate };
      history.push(record);
      await tell(record);
    }
  } catch (error) {
    if (signal?.aborted && error === signal.reason) await tell({ event: "abort", step });
    throw error;
  } finally {
    learner?.dispose();
    unfix();
  }

  const { testLoss, testAccuracy } = history.at(-1)!;
  return {
    history,
    ...(testLoss !== undefined && { testLoss }),
    ...(testAccuracy !== undefined && { testAccuracy }),
    ...counts,
    steps: step,
    seconds: meter.seconds,
    imagesPerSecond: meter.imagesPerSecond,
    ...(end.reason !== undefined && { stopped: end.reason }),
  };
}
