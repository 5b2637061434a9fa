import { createNetwork } from "@bn-only/resnet-zoo";
import { decodeState, encodeState, readModel, restoreModel, saveModel } from "@bn-only/trainer";
import type { TrainingState } from "@bn-only/trainer";
import "@tensorflow/tfjs-backend-cpu";
import { setBackend } from "@tensorflow/tfjs-core";
import { TrainerError } from "../../../../packages/bn-only-trainer/src/errors.ts";
import { safetensorsMutations } from "../structures/safetensors.ts";
import type { Target } from "../target.ts";

const typed = (error: unknown): boolean => TrainerError.isInstance(error);

/** Header and tensors, as JavaScript holds them. */
const limit = (size: number): number => (4 << 20) + 48 * size;

const network = once(async () => {
  await setBackend("cpu");
  return createNetwork("cifar-resnet-8", { seed: 1, inputShape: [8, 8, 3] });
});

export const model: Target = {
  name: "model",
  async seeds() {
    const notes = { dataset: "synthetic", plugins: '["./mine.js"]' };
    return [await saveModel(await network(), notes), await saveModel(await network())];
  },
  async run(bytes) {
    await restoreModel(await network(), readModel(bytes));
  },
  typed,
  limit,
  structured: safetensorsMutations,
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
  name: "state",
  seeds: () => [encodeState(state), encodeState({ ...state, stopped: "enough" })],
  run: decodeState,
  typed,
  limit,
  structured: safetensorsMutations,
};

function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let value: Promise<Value> | undefined;
  return () => (value ??= make());
}
