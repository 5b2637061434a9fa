import { currentBackendName } from "@bn-only/backends";
import { countScalars, countTrainable } from "@bn-only/frozen-layers";
import { assertThat } from "./check.ts";
import { conditionSelection } from "./conditions.ts";
import { EpochMeter } from "./epoch-meter.ts";
import { DivergedError, InvalidOptionError } from "./errors.ts";
import { measure } from "./evaluate.ts";
import { firstNotFinite } from "./finite.ts";
import { fixedStatistics, fixStatistics } from "./fixed-statistics.ts";
import { LateNumbers } from "./late-numbers.ts";
import { Learner } from "./learner.ts";
import type { Optimizer } from "./optimizers/optimizer.ts";
import { sgd } from "./optimizers/sgd.ts";
import { oneAtATime } from "./one-at-a-time.ts";
import { pause } from "./pause.ts";
import { readBatches } from "./read-batches.ts";
import { paperRecipe } from "./recipe.ts";
import {
  anyLooksAt,
  captureCallbacks,
  orderCallbacks,
  restoreCallbacks,
  tellCallbacks,
} from "./run-callbacks.ts";
import { milestones } from "./schedules/milestones.ts";
import {
  assertPosition,
  assertSameRun,
  assertSameWeights,
  assertTensorsFit,
  captureTensors,
  restoreTensors,
} from "./state/capture.ts";
import { FirstBatch } from "./state/first-batch.ts";
import { runIdentity } from "./state/identity.ts";
import { checkTrainOptions, type TrainOptions } from "./train-options.ts";
import { trainingStep } from "./training-step.ts";
import type { EpochEvent, StepEvent, TrainContext, TrainEvent, TrainResult } from "./types.ts";
import { assertLearningRate, assertSource } from "./validate.ts";

/**
 * Trains a network in place, by default its BatchNorm only.
 *
 * @throws InvalidOptionError for options, data or a state that do not fit.
 * @throws DivergedError when the loss, or at the end of an epoch and in a state the test loss, a parameter, a running
 *   statistic or the optimiser's memory is not finite.
 */
export async function train(options: TrainOptions): Promise<TrainResult> {
  checkTrainOptions(options);
  return oneAtATime(options.network, () => trainAlone(options));
}

async function trainAlone(options: TrainOptions): Promise<TrainResult> {
  const { network, data, condition = "bn", signal, resume } = options;
  const { epochs = paperRecipe.epochs, batchSize = paperRecipe.batchSize } = options;
  const { optimizer = sgd() as Optimizer, schedule = milestones() } = options;
  const callbacks = orderCallbacks(options.callbacks ?? []);
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
  const identify = runIdentity(network, data.train, { epochs, batchSize, optimizer, schedule });
  const first = new FirstBatch(resume?.identity.firstBatch);
  let learner: Learner | undefined;
  let unfix: (() => void) | undefined;
  let started = false;
  const meter = new EpochMeter(resume);
  const history: EpochEvent[] = [...(resume?.history ?? [])];
  let step = resume?.step ?? 0;
  let learningRate = 0;
  let lastGoodStep: number | undefined = resume?.step;
  const late = new LateNumbers<Omit<StepEvent, "loss" | "accuracy">>();
  const diverged = (what: string, tensor?: string, at = { step, learningRate }): DivergedError =>
    new DivergedError(what, { ...at, tensor, lastGoodStep });
  const assertFinite = (tensor: string | undefined): void => {
    if (tensor !== undefined) {
      throw diverged(`"${tensor}" holds a value that is not finite after`, tensor);
    }
  };
  const end: { reason: string | undefined } = { reason: resume?.stopped };

  const context: TrainContext = {
    network,
    history,
    async state() {
      if (late.waiting > 0) {
        throw new InvalidOptionError(
          `state: ${late.waiting} steps were taken that callbacks are not told of yet. A callback says by looksAt(step) where it wants the state.`,
        );
      }
      // All of it is of this moment: nothing is read after the first await.
      const { sums, seconds } = meter;
      const { identity } = first;
      const now = {
        step,
        sums,
        history: [...history],
        seconds,
        ...(end.reason !== undefined && { stopped: end.reason }),
        fixedStatistics: fixedStatistics(network),
        callbacks: captureCallbacks(callbacks),
      };
      const tensors = await captureTensors(network, learner);
      assertFinite(firstNotFinite(tensors));
      lastGoodStep = now.step;
      return { identity: { ...(await identify()), ...identity }, ...now, ...tensors };
    },
    stop(reason = "a callback stopped it") {
      assertThat(typeof reason === "string", "stop: the reason", "a text", reason);
      end.reason ??= reason;
    },
  };
  const tell = (event: TrainEvent): Promise<void> => tellCallbacks(callbacks, event, context);
  const tellSteps = async (): Promise<void> => {
    for await (const [numbers, about] of late.read()) {
      const [loss, correct] = [numbers[0]!, numbers[1]!];
      if (!Number.isFinite(loss)) {
        const tensors = await captureTensors(network, learner);
        throw diverged(`the loss became ${loss} at`, firstNotFinite(tensors), about);
      }
      meter.add(loss, correct, about.images);
      await tell({ ...about, loss, accuracy: correct / about.images });
    }
  };

  try {
    if (resume) assertSameRun(await identify(), resume.identity);
    unfix = fixStatistics(network, options.fixedStatistics, resume);
    learner = Learner.of(network, optimizer);
    if (resume) {
      assertTensorsFit(network, learner, resume);
      assertSameWeights(await identify(), resume.identity);
      assertPosition(resume, steps, stepsPerEpoch);
      await first.assertSame(network, data.train, batchSize, signal);
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
    started = true;
    await tell({ event: "start", ...sizes, ...(resume && { resumedAt: step }) });

    // An epoch that a callback ended before its last step is still to be evaluated.
    const goesOn = (): boolean => end.reason === undefined || meter.sums.images > 0;
    for (let epoch = history.length; epoch < epochs && goesOn(); epoch++) {
      learningRate = schedule(Math.max(step, 1) - 1, steps);
      const startStep = step - epoch * stepsPerEpoch;
      meter.beginEpoch();

      const request = { epoch, batchSize, startStep };
      const wanted = startStep < stepsPerEpoch && end.reason === undefined;
      const batches = wanted
        ? readBatches(network, data.train, request, { seen: meter.sums.images, signal })
        : [];
      for await (const batch of batches) {
        if (end.reason !== undefined) break;
        signal?.throwIfAborted();
        first.see(batch, step);
        Learner.assertSame(network, learner);
        learningRate = assertLearningRate(schedule(step, steps), step);
        const metrics = trainingStep(network, batch, learner, { learningRate, step: step + 1 });
        step += 1;
        const about = { event: "step", epoch, step, learningRate, images: batch.size } as const;
        late.add(metrics, about, batch.images.byteLength);
        if (anyLooksAt(callbacks, step) || late.due()) await tellSteps();
        await pause();
      }

      await tellSteps();
      assertFinite(firstNotFinite(await captureTensors(network, learner)));
      meter.endTraining();
      const test = data.test && (await measure(network, data.test, { signal }));
      if (test && !Number.isFinite(test.loss)) {
        throw diverged(`the test loss became ${test.loss} after`);
      }
      const measured = meter.endEpoch();
      const tested = test && { testLoss: test.loss, testAccuracy: test.accuracy };
      const record: EpochEvent = { event: "epoch", epoch, ...measured, ...tested, learningRate };
      history.push(record);
      await tell(record);
    }
  } catch (error) {
    // Of steps that were done, whatever ended the training. Where their numbers cannot be read either, that came second.
    await tellSteps().catch((second: unknown) => {
      if (DivergedError.isInstance(second)) throw second;
    });
    // Before the start, the network is not in the state that a callback would keep.
    if (started && signal?.aborted && error === signal.reason) await tell({ event: "abort", step });
    throw error;
  } finally {
    learner?.dispose();
    unfix?.();
  }

  const { testLoss, testAccuracy }: Partial<EpochEvent> = history.at(-1) ?? {};
  return {
    history,
    ...(testLoss !== undefined && { testLoss }),
    ...(testAccuracy !== undefined && { testAccuracy }),
    ...counts,
    steps: step,
    seconds: meter.seconds,
    imagesPerSecond: meter.imagesPerSecond,
    ...(end.reason !== undefined && step < steps && { stopped: end.reason }),
  };
}
