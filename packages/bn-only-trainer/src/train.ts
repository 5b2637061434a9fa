import { currentBackendName } from "@bn-only/backends";
import { countScalars, countTrainable } from "@bn-only/frozen-layers";
import { conditionSelection } from "./conditions.ts";
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
import { assertResumable } from "./state/assert-resumable.ts";
import { captureTensors, restoreTensors } from "./state/capture.ts";
import { identityOf } from "./state/identity.ts";
import type { RunIdentity } from "./state/training-state.ts";
import type { TrainOptions, TrainResult } from "./train-options.ts";
import { trainingStep } from "./training-step.ts";
import type { EpochEvent, TrainContext, TrainEvent } from "./types.ts";
import {
  assertBatch,
  assertDelivered,
  assertFinite,
  assertLearningRate,
  assertRecipe,
  assertSource,
} from "./validate.ts";

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
  assertRecipe(optimizer, schedule);
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
  let identity: Promise<RunIdentity> | undefined;
  const identify = (): Promise<RunIdentity> =>
    (identity ??= identityOf(network, data.train, { epochs, batchSize, optimizer, schedule }));
  const fixedBefore = fixedStatistics(network);
  const learner = Learner.of(network, optimizer);
  const meter = new EpochMeter(resume);
  const history: EpochEvent[] = [...(resume?.history ?? [])];
  let step = resume?.step ?? 0;
  const end = { reason: resume?.stopped };

  const context: TrainContext = {
    network,
    history,
    async state() {
      // All is read before the first wait, so that the state is of one moment.
      const { sums, seconds } = meter;
      const now = { step, sums, history: [...history], seconds };
      const rest = {
        fixedStatistics: fixedStatistics(network),
        callbacks: captureCallbacks(callbacks),
        ...(end.reason !== undefined && { stopped: end.reason }),
      };
      const tensors = captureTensors(network, learner);
      return { identity: await identify(), ...now, ...(await tensors), ...rest };
    },
    stop: (reason = "a callback asked for it") => void (end.reason ??= reason),
  };
  const tell = (event: TrainEvent): Promise<void> => tellCallbacks(callbacks, event, context);

  try {
    if (resume) assertResumable(network, learner, await identify(), resume);
    restoreCallbacks(callbacks, resume?.callbacks);
    fixStatistics(network, resume ? named(resume.fixedStatistics) : options.fixedStatistics);
    if (resume) await restoreTensors(network, learner, resume);
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

    const goesOn = (): boolean => end.reason === undefined || meter.sums.images > 0;
    for (let epoch = history.length; epoch < epochs && goesOn(); epoch++) {
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
    network.fixStatistics(named(fixedBefore));
  }

  const { testLoss, testAccuracy } = history.at(-1) ?? {};
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
