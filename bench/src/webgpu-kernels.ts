import type { WebgpuTrainingBackend } from "@bn-only/backend-webgpu";
import {
  batchNormGradientOp,
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
  type TensorInfo,
  zeros,
} from "@tensorflow/tfjs-core";

/** One kernel of ours, and what tfjs-webgpu has for the same work on the same device. */
export interface KernelTime {
  readonly kernel: string;
  readonly ms: number;
  /** GFLOP/s of convolutions, GB/s of what is bound by memory; a tensor counts once for each pass over it. */
  readonly rate: string;
  readonly tfjsMs: number | undefined;
}

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
): Promise<KernelTime[]> {
  const times: KernelTime[] = [];
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
    const inTurn = (kernel: string, ours: Work, tfjs: Work) =>
      compare(backend, rounds, ours, tfjs).then(([ms, tfjsMs]) =>
        times.push({ kernel, ms, rate: rate(ms), tfjsMs }),
      );
    const name = `${size}x${size}x${channels}`;
    await inTurn(
      `conv2d ${name}`,
      () => [runOp(conv2dOp, { input, prepared }, geometry).output],
      () => [conv2d(input, filter, 1, 1)],
    );
    const attributes = { ...geometry, inputShape: input.shape };
    await inTurn(
      `input gradient ${name}`,
      () => [
        runOp(conv2dInputGradientOp, { outputGradient: input, prepared: rotated }, attributes)
          .inputGradient,
      ],
      () => [tfjsInputGradient(input, filter)],
    );
    [input, filter, prepared, rotated].forEach((used) => used.dispose());
  }
  times.push(...(await timeBatchNorm(backend, batch, rounds)));
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

async function timeBatchNorm(
  backend: WebgpuTrainingBackend,
  batch: number,
  rounds: number,
): Promise<KernelTime[]> {
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
    const [ms, tfjsMs] = await compare(backend, rounds, ours, tfjs);
    const bytes = passes * 4 * input.size;
    times.push({ kernel, ms, rate: `${(bytes / ms / 1e6).toFixed(1)} GB/s`, tfjsMs });
  }
  [input, gamma, beta, output, average, variance].forEach((used) => used.dispose());
  return times;
}

/** The best of so many rounds in turn, in milliseconds until the GPU is done. */
async function compare(
  backend: WebgpuTrainingBackend,
  rounds: number,
  ours: Work,
  tfjs?: Work,
): Promise<[ms: number, tfjsMs: number | undefined]> {
  const best = [Infinity, Infinity];
  for (let round = 0; round <= rounds; round++) {
    for (const [i, work] of [ours, tfjs].entries()) {
      if (work === undefined) continue;
      const begin = performance.now();
      const results: readonly TensorInfo[] = work();
      backend.submit();
      await backend.queue.onSubmittedWorkDone();
      // The first round compiles.
      if (round > 0) best[i] = Math.min(best[i]!, performance.now() - begin);
      (results as readonly Tensor[]).forEach((tensor) => tensor.dispose());
    }
  }
  return [best[0]!, tfjs && best[1]!];
}
