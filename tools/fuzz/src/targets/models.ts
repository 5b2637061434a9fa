import {
  batchNorm,
  conv2d,
  dense,
  globalAveragePool,
  Network,
  sequential,
} from "@bn-only/frozen-layers";
import { createNetwork, defineNetwork, ZooError } from "@bn-only/resnet-zoo";
import {
  checkModel,
  decodeState,
  encodeState,
  readModel,
  restoreModel,
  saveModel,
} from "@bn-only/trainer";
import type { TrainingState } from "@bn-only/trainer";
import "@tensorflow/tfjs-backend-cpu";
import { env, memory, setBackend, tensor } from "@tensorflow/tfjs-core";
import { TrainerError } from "../../../../packages/bn-only-trainer/src/errors.ts";
import { safetensorsMutations, withRightChecksum } from "../structures/safetensors.ts";
import type { Target } from "../target.ts";

const typed = (error: unknown): boolean =>
  TrainerError.isInstance(error) || ZooError.isInstance(error);

/** Header and tensors, as JavaScript holds them. */
const limit = (size: number): number => (4 << 20) + 48 * size;

/** Keeps tfjs from printing an advertisement for tfjs-node. */
async function start(): Promise<void> {
  env().set("PROD", true);
  await setBackend("cpu");
}

/** Small, since the weights that a file does not hold are hashed at every restoring. */
async function tiny(): Promise<Network> {
  await start();
  const layer = sequential({
    stem: conv2d({ inputChannels: 3, outputChannels: 4 }),
    bn: batchNorm(4, { activation: "relu" }),
    pool: globalAveragePool(),
    head: dense({ inputs: 4, outputs: 3 }),
  });
  return new Network({ name: "tiny", layer, inputShape: [8, 8, 3], classes: 3 }, { seed: 1 });
}

const network = once(tiny);

/** One of whose head the file holds two numbers. */
async function changedInPart(): Promise<Network> {
  const changed = await tiny();
  const head = changed.parameters.find(({ role }) => role === "head.kernel")!;
  const values = await head.value.data<"float32">();
  head.set(tensor(values.with(1, 2).with(7, -1), [...head.shape]));
  return changed;
}

/** Grows with every new value of a network. */
const versions = ({ parameters, buffers }: Network): number =>
  [...parameters, ...buffers].reduce((sum, { version }) => sum + version, 0);

export const model: Target = {
  async seeds() {
    const notes = { dataset: "synthetic", plugins: '["./mine.js"]' };
    return [
      await saveModel(await network(), notes),
      await saveModel(await network()),
      await saveModel(await changedInPart()),
    ];
  },
  async run(bytes) {
    const restored = await network();
    const [tensors, version] = [memory().numTensors, versions(restored)];
    const read = readModel(bytes);
    const failure = await restoreModel(restored, read).then(
      () => undefined,
      (error: unknown) => ({ error }),
    );
    if (memory().numTensors !== tensors) throw new Error("the number of tensors has changed");
    if (failure === undefined) return;
    if (versions(restored) !== version) {
      throw new Error("a network that was not restored has changed", { cause: failure.error });
    }
    throw failure.error;
  },
  typed,
  limit,
  structured: safetensorsMutations,
  repair: withRightChecksum,
};

const inputShape = [8, 8, 3] as const;

/** Layers of the largest network that a name in a file may ask for, without their weights. */
const outlines = 64 << 20;

/** Whether a file names a network that could be built, before any of it is. */
export const modelNetwork: Target = {
  async seeds() {
    await start();
    return [await saveModel(createNetwork("cifar-resnet-8", { seed: 1, inputShape }))];
  },
  run(bytes) {
    const read = readModel(bytes);
    const { architecture, classes } = read.metadata;
    checkModel(read, defineNetwork(architecture, { classes, inputShape }));
  },
  typed,
  limit: (size) => outlines + limit(size),
  structured: safetensorsMutations,
  repair: withRightChecksum,
};

const state: TrainingState = {
  identity: {
    network: "cifar-resnet-8",
    seed: 1,
    fingerprint: "0".repeat(64),
    epochs: 2,
    batchSize: 8,
    trainSize: 16,
    optimizer: '{"name":"sgd"}',
    learningRates: [0.1, 0.1, 0.01],
  },
  step: 3,
  sums: { loss: 2.5, correct: 4, images: 8 },
  history: [
    {
      event: "epoch",
      epoch: 0,
      trainLoss: 2.3,
      trainAccuracy: 0.1,
      learningRate: 0.1,
      seconds: 1,
      imagesPerSecond: 16,
    },
  ],
  seconds: 1.5,
  parameters: new Map([["stem.gamma", Float32Array.of(1, 2)]]),
  indices: new Map([["stem.gamma", Int32Array.of(0, 3)]]),
  statistics: new Map([["stem.mean", Float32Array.of(0, 0)]]),
  fixedStatistics: ["stem.mean"],
  optimizer: new Map([["velocity", Float32Array.of(0, 0)]]),
  callbacks: new Map([["average", new Map([["sum", Float32Array.of(1, 2)]])]]),
};

export const stateFile: Target = {
  seeds: () => [encodeState(state), encodeState({ ...state, stopped: "enough" })],
  run(bytes) {
    const decoded = decodeState(bytes);
    const again = encodeState(decoded);
    if (!Buffer.from(encodeState(decodeState(again))).equals(again)) {
      throw new Error("a state that was read and written again is another one");
    }
  },
  typed,
  limit: (size) => 4 * limit(size),
  structured: safetensorsMutations,
  repair: withRightChecksum,
};

function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let value: Promise<Value> | undefined;
  return () => (value ??= make());
}
