import { batchSource, synthetic } from "@bn-only/datasets";
import type { Network } from "@bn-only/frozen-layers";
import { createNetwork } from "@bn-only/resnet-zoo";
import {
  adam,
  type Condition,
  disabledShare,
  exportPyTorch,
  gammaValues,
  histogram,
  saveModel,
  train,
  useBackend,
} from "@bn-only/trainer";

const shape = [12, 12, 3] as const;
const epochs = 8;

/** One run of `cifar-resnet-14` on synthetic images, and what the pictures show of it. */
export interface Lesson {
  readonly condition: string;
  readonly trained: number;
  readonly total: number;
  /** Test accuracy after each epoch, 0 to 1. */
  readonly accuracies: readonly number[];
  readonly before: Look;
  readonly after: Look;
}

/** What a network holds at one moment. */
interface Look {
  /** Kernel of the first convolution, [3, 3, 3, 16]. */
  readonly filters: Float32Array;
  /** The first layer's. */
  readonly gamma: Float32Array;
  readonly gammas: readonly number[];
  /** |gamma| < 0.01 */
  readonly off: number;
}

export interface FileSize {
  readonly network: string;
  /** Bytes of the model file, and of all weights. */
  readonly model: number;
  readonly weights: number;
}

export interface Measured {
  readonly lessons: readonly Lesson[];
  readonly sizes: readonly FileSize[];
  /** SHA-256 over all frozen weights before and after the run with `bn`. */
  readonly fingerprints: readonly [string, string];
}

export const gammaEdges = { minimum: -1, maximum: 2, bins: 30 } as const;

/** Trains three networks for some seconds each, and measures files. The same bits on every machine. */
export async function measure(): Promise<Measured> {
  await useBackend("wasm", { fma: false, threads: 1 });
  const lessons: Lesson[] = [];
  let fingerprints: [string, string] | undefined;
  for (const condition of ["bn", "head", "all"] as const) {
    const network = createNetwork("cifar-resnet-14", { seed: 0, inputShape: shape });
    network.setTrainable("bn");
    const first = await network.fingerprint();
    lessons.push(await learn(network, condition));
    network.setTrainable("bn");
    fingerprints ??= [first, await network.fingerprint()];
    network.dispose();
  }
  return { lessons, sizes: await fileSizes(), fingerprints: fingerprints! };
}

async function learn(network: Network, condition: Condition): Promise<Lesson> {
  const data = synthetic({ trainSize: 400, testSize: 200, shape, seed: 0 });
  const accuracies: number[] = [];
  const before = await look(network);
  const result = await train({
    network,
    condition,
    epochs,
    batchSize: 32,
    optimizer: adam(),
    schedule: () => 0.01,
    data: { train: batchSource(data.train, { shuffle: true }), test: batchSource(data.test) },
    callbacks: [
      (event) =>
        void (event.event === "epoch" && accuracies.push(event.testAccuracy ?? Number.NaN)),
    ],
  });
  const { trainableParameters: trained, totalParameters: total } = result;
  return { condition, trained, total, accuracies, before, after: await look(network) };
}

async function look(network: Network): Promise<Look> {
  const values = (role: string) =>
    network.parameters.find((parameter) => parameter.role === role)!.value.data<"float32">();
  const all = await gammaValues(network);
  return {
    filters: await values("conv.kernel"),
    gamma: await values("bn.gamma"),
    gammas: histogram(all, gammaEdges).counts,
    off: disabledShare(all),
  };
}

async function fileSizes(): Promise<FileSize[]> {
  const sizes: FileSize[] = [];
  for (const depth of [14, 32, 56]) {
    const name = `cifar-resnet-${depth}`;
    const network = createNetwork(name, { seed: 0 });
    const model = (await saveModel(network)).length;
    sizes.push({ network: name, model, weights: (await exportPyTorch(network)).length });
    network.dispose();
  }
  return sizes;
}
