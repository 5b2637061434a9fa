import type { Command } from "commander";
import { bytes, count } from "../format.ts";
import type { Io } from "../io.ts";
import { oneOf, wholeNumber } from "../options.ts";
import { writeJson } from "../progress/json.ts";

interface BenchCommandOptions {
  readonly network: string;
  readonly condition: "bn" | "all" | "bn+head";
  readonly batchSize: number;
  readonly backend: "auto" | "wasm" | "tfjs-wasm" | "cpu";
  readonly threads?: number;
  readonly fma: boolean;
  readonly steps: number;
  readonly json: boolean;
}

/** The last line of `bench --json`. */
export interface BenchEvent {
  readonly event: "result";
  readonly network: string;
  readonly condition: string;
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

export function addBenchCommand(program: Command, io: Io): void {
  program
    .command("bench")
    .description("Time training steps on random images.")
    .option("--network <name>", "see bn-only networks", "cifar-resnet-14")
    .option(
      "--condition <name>",
      "what trains: bn, bn+head or all",
      oneOf("--condition", ["bn", "bn+head", "all"]),
      "bn",
    )
    .option("--batch-size <n>", "images per step", wholeNumber("--batch-size", 1), 128)
    .option(
      "--backend <name>",
      "auto, wasm, tfjs-wasm or cpu",
      oneOf("--backend", ["auto", "wasm", "tfjs-wasm", "cpu"]),
      "auto",
    )
    .option(
      "--threads <n>",
      "of the wasm backend (default: all cores)",
      wholeNumber("--threads", 1),
    )
    .option("--no-fma", "the wasm backend without fused multiply-add")
    .option("--steps <n>", "timed steps", wholeNumber("--steps", 1), 20)
    .option("--json", "one object", false)
    .addHelpText("after", "\nExample:\n  bn-only bench --network cifar-resnet-56 --threads 2\n")
    .action((options: BenchCommandOptions) => runBench(options, io));
}

async function runBench(options: BenchCommandOptions, io: Io): Promise<void> {
  const { useBackend } = await import("@bn-only/trainer");
  const { backend: currentBackend, memory } = await import("@tensorflow/tfjs-core");
  const { threads, fma } = options;
  const chosen = await useBackend(options.backend, {
    ...(threads !== undefined && { threads }),
    ...(!fma && { fma }),
  });
  const times = (await timeSteps(options, io)).toSorted((a, b) => a - b);
  const median = times[times.length >> 1]!;
  const { peakBytes = null } = memory() as { peakBytes?: number };
  const result: BenchEvent = {
    event: "result",
    network: options.network,
    condition: options.condition,
    batchSize: options.batchSize,
    steps: options.steps,
    msPerStep: { min: times[0]!, median },
    imagesPerSecond: (1000 * options.batchSize) / median,
    peakBytes,
    threads: (currentBackend() as { threads?: number }).threads ?? 1,
    backend: chosen.name,
    description: chosen.description,
  };
  if (options.json) return writeJson(io, result);
  io.stdout.write(
    `${options.network}, condition ${options.condition}, batch ${options.batchSize}, ${chosen.description}\n` +
      `${result.msPerStep.min.toFixed(1)} ms a step at best, ${median.toFixed(1)} ms in the median of ${options.steps}; ` +
      `${count(Math.round(result.imagesPerSecond))} images/s` +
      `${peakBytes === null ? "" : `; ${bytes(peakBytes)} at the peak`}\n`,
  );
}

/** Milliseconds of each step, read-back of the loss included. */
async function timeSteps(options: BenchCommandOptions, io: Io): Promise<number[]> {
  const { conditionSelector, disposeSgd, initializeSgd, trainingStep } =
    await import("@bn-only/trainer");
  const { randomStream } = await import("@bn-only/frozen-layers");
  const { createNetwork } = await import("@bn-only/resnet-zoo");
  const network = createNetwork(options.network, { seed: 0 });
  network.setTrainable(conditionSelector(options.condition));

  const size = options.batchSize;
  const pixels = network.inputShape.reduce((product, length) => product * length, size);
  const images = Float32Array.from(randomStream(0, "bench/images").normal(pixels));
  const labels = Int32Array.from({ length: size }, (_, i) => i % network.classes);
  const state = { sgd: initializeSgd(network.trainable) };
  const hyperparameters = { learningRate: 0.01, momentum: 0.9, weightDecay: 1e-4 };
  const times: number[] = [];
  for (let step = -WARM_UP_STEPS; step < options.steps; step++) {
    io.signal.throwIfAborted();
    const begin = performance.now();
    const metrics = trainingStep(network, { images, labels, size }, state, hyperparameters);
    await metrics.data();
    metrics.dispose();
    if (step >= 0) times.push(performance.now() - begin);
  }
  disposeSgd(state);
  network.dispose();
  return times;
}
