import { averageParameters, decodeState, encodeState, sgd, train } from "@bn-only/trainer";
import type { BatchSource, TrainingState } from "@bn-only/trainer";
import { TrainerError } from "../../../../packages/bn-only-trainer/src/errors.ts";
import { safetensorsMutations, withRightChecksum } from "../structures/safetensors.ts";
import type { Target } from "../target.ts";
import { keepingTensors, once, tiny } from "./tiny-network.ts";

const typed = (error: unknown): boolean => TrainerError.isInstance(error);

/** Header and tensors, as JavaScript holds them, several times. */
const limit = (size: number): number => (16 << 20) + 200 * size;

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
  limit,
  structured: safetensorsMutations,
  repair: withRightChecksum,
};

const [size, inputShape, classes] = [2, [8, 8, 3], 3];

const source: BatchSource = {
  size,
  inputShape,
  classes,
  *batches() {
    const images = Float32Array.from({ length: size * 192 }, (_, i) => Math.sin(i));
    yield { images, labels: Int32Array.of(0, 2), size };
  },
};

const network = once(tiny);

/** Trains one step, or goes on from a state after which no step is left. */
async function trainTiny(resume?: TrainingState): Promise<TrainingState> {
  let last: TrainingState | undefined;
  await train({
    network: await network(),
    data: { train: source },
    epochs: 1,
    batchSize: size,
    optimizer: sgd({ momentum: 0.5 }),
    callbacks: [
      averageParameters(),
      {
        name: "last",
        last: true,
        async on(event, context) {
          if (event.event === "epoch") last = await context.state();
        },
      },
    ],
    ...(resume && { resume }),
  });
  return last ?? resume!;
}

/** A state that training goes on from. */
export const resume: Target = {
  seeds: async () => [encodeState(await trainTiny())],
  async run(bytes) {
    const decoded = decodeState(bytes);
    await network();
    await keepingTensors(() => trainTiny(decoded));
  },
  typed,
  limit,
  structured: safetensorsMutations,
  repair: withRightChecksum,
};
