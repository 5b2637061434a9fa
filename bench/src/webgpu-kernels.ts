import type { WebgpuTrainingBackend } from "@bn-only/backend-webgpu";
import {
  batchNormGradientOp,
  batchNormInferenceOp,
  batchNormOp,
  conv2dInputGradientOp,
  conv2dOp,
  prepareFilterOp,
  prepareRotatedFilterOp,
  runOp,
  sumOp,
} from "@bn-only/frozen-layers";
import {
  conv2d,
  engine,
  mean,
  moments,
  ones,
  randomNormal,
  relu,
  type Rank,
  type Tensor,
  type Tensor4D,
  zeros,
} from "@tensorflow/tfjs-core";

import { GpuClock } from "./gpu-clock.ts";
import type { JaxConvolutions } from "./jax.ts";

/** One kernel of ours, and what others take for the same work on the same adapter. */
export interface KernelTime {
  readonly kernel: string;
  /** Wall-clock of ours, until the GPU is done. */
  readonly ms: number;
  /** Of ours by the GPU's clock, where it has one. */
  readonly gpuMs: number | undefined;
  /** GFLOP/s of convolutions, GB/s of what is bound by memory; by the GPU's clock, where it has one. */
  readonly rate: string;
  /** Wall-clock of the others by name. */
  readonly others: Readonly<Record<string, number>>;
}

/** Records some work and gives what is to be disposed. */
type Work = () => readonly Tensor[];

const shapes = [
  [32, 16],
  [16, 32],
  [8, 64],
] as const;

/** The convolutions of the three stages of a CIFAR ResNet, and BatchNorm on the first of them. */
export async function timeKernels(
  backend: WebgpuTrainingBackend,
  batch: number,
  rounds: number,
  jax: JaxConvolutions | undefined,
): Promise<KernelTime[]> {
  const times: KernelTime[] = [];
  const stopwatch = new Stopwatch(backend, rounds);
  for (const [size, channels] of shapes) {
    const geometry = {
      filterShape: [3, 3, channels, channels] as const,
      stride: 1,
      padding: 1,
      groups: 1,
    };
    const input = randomNormal<Rank.R4>([batch, size, size, channels]);
    const filter = randomNormal<Rank.R4>([3, 3, channels, channels]);
    const { prepared } = runOp(prepareFilterOp, { filter }, geometry);
    const { prepared: rotated } = runOp(prepareRotatedFilterOp, { filter }, geometry);
    const operations = 2 * input.size * 9 * channels;
    const rate = (ms: number) => `${(operations / ms / 1e6).toFixed(1)} GFLOP/s`;
    const name = `${size}x${size}x${channels}`;
    const theirs = jax?.(batch, size, channels);
    const attributes = { ...geometry, inputShape: input.shape };
    times.push(
      await stopwatch.inTurn(
        `conv2d ${name}`,
        rate,
        () => [runOp(conv2dOp, { input, prepared }, geometry).output],
        () => [conv2d(input, filter, 1, 1)],
        theirs?.forward,
      ),
      await stopwatch.inTurn(
        `input gradient ${name}`,
        rate,
        () => [
          runOp(conv2dInputGradientOp, { outputGradient: input, prepared: rotated }, attributes)
            .inputGradient,
        ],
        () => [tfjsInputGradient(input, filter)],
        theirs?.inputGradient,
      ),
    );
    [input, filter, prepared, rotated].forEach((used) => used.dispose());
  }
  times.push(...(await timeBatchNorm(stopwatch, batch)));
  return times;
}

function tfjsInputGradient(dy: Tensor4D, filter: Tensor4D): Tensor {
  const sides = [
    [0, 0],
    [1, 1],
    [1, 1],
    [0, 0],
  ];
  const attributes = { strides: 1, pad: sides, dataFormat: "NHWC", inputShape: dy.shape };
  return engine().runKernel("Conv2DBackpropInput", { dy, filter } as never, attributes as never);
}

async function timeBatchNorm(stopwatch: Stopwatch, batch: number): Promise<KernelTime[]> {
  const input = randomNormal<Rank.R4>([batch, 32, 32, 16]);
  const [gamma, beta] = [ones([16]), zeros([16])];
  const forward = () =>
    runOp(batchNormOp, { input, gamma, beta }, { epsilon: 1e-5, relu: true, momentum: 0.1 });
  const { output, mean: average, variance } = forward();
  const saved = { input, gamma, beta, mean: average, variance };
  const options = { epsilon: 1e-5, relu: true, batchStatistics: true, inputGradient: true };
  const rows: [name: string, passes: number, ours: Work, tfjs?: Work][] = [
    ["copy (relu of tfjs)", 2, () => [relu(input)]],
    ["sum of two", 3, () => [runOp(sumOp, { a: input.clone(), b: input.clone() }, {}).output]],
    [
      "BatchNorm forward",
      3,
      () => Object.values(forward()).filter((tensor) => tensor !== undefined),
      () => Object.values(moments(input, [0, 1, 2])),
    ],
    [
      "BatchNorm, no statistics",
      2,
      () => [runOp(batchNormInferenceOp, saved, { epsilon: 1e-5, relu: true }).output],
    ],
    [
      "BatchNorm backward",
      5,
      () => {
        const inputs = { outputGradient: output.clone(), ...saved };
        return Object.values(runOp(batchNormGradientOp, inputs, options)).filter(
          (tensor) => tensor !== undefined,
        );
      },
      () => [mean(input, [0, 1, 2])],
    ],
  ];
  const times: KernelTime[] = [];
  for (const [kernel, passes, ours, tfjs] of rows) {
    const bytes = passes * 4 * input.size;
    const rate = (ms: number) => `${(bytes / ms / 1e6).toFixed(1)} GB/s`;
    times.push(await stopwatch.inTurn(kernel, rate, ours, tfjs));
  }
  [input, gamma, beta, output, average, variance].forEach((used) => used.dispose());
  return times;
}

/** Work that takes less is repeated, so that neither clock's grain counts. */
const LEAST_MILLISECONDS = 5;

const MOST_REPEATS = 20;

class Stopwatch {
  readonly #backend: WebgpuTrainingBackend;
  readonly #rounds: number;
  readonly #clock: GpuClock | undefined;

  constructor(backend: WebgpuTrainingBackend, rounds: number) {
    this.#backend = backend;
    this.#rounds = rounds;
    this.#clock = GpuClock.of(backend.device);
  }

  /** The best of so many rounds, in which each has its turn. */
  async inTurn(
    kernel: string,
    rate: (ms: number) => string,
    ours: Work,
    tfjs?: Work,
    jax?: () => Promise<void>,
  ): Promise<KernelTime> {
    const contestants: Record<string, (repeats: number) => Promise<number>> = {
      ours: (repeats) => this.#wallClock(repeats, ours),
      ...(tfjs && { tfjs: (repeats) => this.#wallClock(repeats, tfjs) }),
      ...(jax && { "jax-js": (repeats) => wallClockOf(repeats, jax) }),
    };
    const [best, repeats]: Record<string, number>[] = [{}, {}];
    let gpuMs = Infinity;
    for (let round = 0; round <= this.#rounds; round++) {
      for (const [name, time] of Object.entries(contestants)) {
        // The first round compiles, the first time; the second tells how long it takes.
        if (round === 0) await time(1);
        repeats![name] ??= Math.min(MOST_REPEATS, Math.ceil(LEAST_MILLISECONDS / (await time(1))));
        best![name] = Math.min(best![name] ?? Infinity, await time(repeats![name]));
      }
      gpuMs = Math.min(gpuMs, (await this.#gpuClock(repeats!["ours"]!, ours)) ?? Infinity);
    }
    const { ours: ms, ...others } = best as { ours: number };
    const known = this.#clock ? gpuMs : undefined;
    return { kernel, ms, gpuMs: known, rate: rate(known ?? ms), others };
  }

  async #wallClock(repeats: number, work: Work): Promise<number> {
    const begin = performance.now();
    this.#record(repeats, work);
    await this.#backend.queue.onSubmittedWorkDone();
    return (performance.now() - begin) / repeats;
  }

  async #gpuClock(repeats: number, work: Work): Promise<number | undefined> {
    const ms = await this.#clock?.time(() => this.#record(repeats, work));
    return ms && ms / repeats;
  }

  #record(repeats: number, work: Work): void {
    const results = Array.from({ length: repeats }, () => work());
    this.#backend.submit();
    results.flat().forEach((tensor) => tensor.dispose());
  }
}

async function wallClockOf(repeats: number, work: () => Promise<void>): Promise<number> {
  const begin = performance.now();
  for (let i = 0; i < repeats; i++) await work();
  return (performance.now() - begin) / repeats;
}
