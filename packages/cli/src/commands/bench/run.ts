import { availableParallelism } from "node:os";
import { setImmediate as pause } from "node:timers/promises";
import {
  bytesLeft,
  formatBytes,
  Network,
  type NetworkDefinition,
  OutOfMemoryError,
  randomStream,
} from "@bn-only/frozen-layers";
import { defineNetwork } from "@bn-only/resnet-zoo";
import { conditionSelection, Learner, sgd, trainingStep, useBackend } from "@bn-only/trainer";
import { backend as currentBackend, memory, tensor } from "@tensorflow/tfjs-core";
import { backendOptions, checkBackendName } from "../../backend.ts";
import { bytes, count } from "../../format.ts";
import type { Io } from "../../io.ts";
import { loadPlugins } from "../../plugins/load.ts";
import { writeJson } from "../../progress/json.ts";
import type { BenchCommandOptions } from "./options.ts";
import { print } from "../../print.ts";

/** The last line of `bench --json`. */
export interface BenchEvent {
  readonly event: "result";
  readonly network: string;
  readonly condition: string;
  readonly evaluation: boolean;
  readonly batchSize: number;
  readonly steps: number;
  readonly msPerStep: { readonly min: number; readonly median: number };
  /** By the median. */
  readonly imagesPerSecond: number;
  /** The most that tensors and scratch memory needed at once; null where the backend does not know. */
  readonly peakBytes: number | null;
  readonly threads: number;
  readonly backend: string;
  readonly description: string;
}

/** Steps before the clock starts: filters get prepared, code gets compiled, memory reaches its size. */
const WARM_UP_STEPS = 3;

/** `bn-only bench`: training steps on random images, timed. */
export async function runBench(options: BenchCommandOptions, io: Io): Promise<void> {
  const plugins = await loadPlugins(options.plugin);
  const backendName = checkBackendName(options.backend, plugins);
  const { checkpointedStages } = options;
  const definition = defineNetwork(options.network, {
    architectures: plugins.architectures,
    checkpointedStages,
  });
  const chosen = await useBackend(backendName, backendOptions(options, plugins));
  const times = (await timeSteps(options, definition, io)).toSorted((a, b) => a - b);
  const median = times[times.length >> 1]!;
  const { peakBytes = null } = memory() as { peakBytes?: number };
  const result: BenchEvent = {
    event: "result",
    network: options.network,
    condition: options.condition,
    evaluation: options.evaluation ?? false,
    batchSize: options.batchSize,
    steps: options.steps,
    msPerStep: { min: times[0]!, median },
    imagesPerSecond: (1000 * options.batchSize) / median,
    peakBytes,
    threads: threadsOf(chosen.name, options.threads),
    backend: chosen.name,
    description: chosen.description,
  };
  if (options.json) return writeJson(io, result);
  const what = options.evaluation ? "evaluation" : `condition ${options.condition}`;
  print(
    io,
    `${options.network}, ${what}, batch ${options.batchSize}, ${chosen.description}\n` +
      `${result.msPerStep.min.toFixed(1)} ms a step at best, ${median.toFixed(1)} ms in the median of ${options.steps}; ` +
      `${count(Math.round(result.imagesPerSecond))} images/s` +
      `${peakBytes === null ? "" : `; ${bytes(peakBytes)} at the peak`}`,
  );
}

/** Threads that compute; TensorFlow's default is all cores. */
function threadsOf(name: string, wanted: number | undefined): number {
  if (name === "tensorflow") {
    return wanted ?? (Number(process.env["TF_NUM_INTRAOP_THREADS"]) || availableParallelism());
  }
  return (currentBackend() as { threads?: number }).threads ?? 1;
}

/** Milliseconds of each step, read-back of the loss or the logits included. */
async function timeSteps(
  options: BenchCommandOptions,
  definition: NetworkDefinition,
  io: Io,
): Promise<number[]> {
  const network = new Network(definition);
  network.setTrainable(conditionSelection(options.condition, network));
  const learner = Learner.of(network, sgd());
  const size = options.batchSize;
  const shape = [size, ...network.inputShape];
  const pixels = shape.reduce((product, length) => product * length, 1);
  const left = bytesLeft() ?? 2 ** 32;
  if (4 * pixels > left) {
    throw new OutOfMemoryError(
      `bench: ${size} images alone take ${formatBytes(4 * pixels)}, ${formatBytes(left)} are left. ` +
        `Choose a smaller --batch-size.`,
    );
  }
  const images = Float32Array.from(randomStream(0, "bench/images").normal(pixels));
  const labels = Int32Array.from({ length: size }, (_, i) => i % network.classes);
  const at = { learningRate: 0.01, step: 1 };
  const step = options.evaluation
    ? () => network.predict(tensor(images, shape))
    : () => trainingStep(network, { images, labels, size }, learner, at);

  const times: number[] = [];
  for (let i = -WARM_UP_STEPS; i < options.steps; i++) {
    const begin = performance.now();
    const result = step();
    await result.data();
    result.dispose();
    if (i >= 0) times.push(performance.now() - begin);
    await pause();
    io.signal.throwIfAborted();
  }
  learner?.dispose();
  network.dispose();
  return times;
}
