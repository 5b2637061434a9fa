import { isOutOfMemory, type Network, randomStream } from "@bn-only/frozen-layers";
import type { WasmTrainingBackend } from "@bn-only/backend-wasm";
import { failEveryAllocation } from "@bn-only/testing/failing-allocations";
import { backend, memory, tensor } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import {
  adam,
  type Batch,
  type Condition,
  conditions,
  conditionSelection,
  evaluate,
  Learner,
  type Optimizer,
  sgd,
  trainingStep,
  useBackend,
} from "../src/index.ts";
import { denseNet } from "./support/dense-net.ts";
import { mobileNet } from "./support/mobile-net.ts";
import { tinyNetwork } from "./support/tiny.ts";

// Every allocation of a step fails in turn. What is there afterwards is what was there before, to the
// bit and to the byte, and the next step is the one that it would have been.

let wasm: WasmTrainingBackend;

beforeAll(async () => {
  await useBackend("wasm", { threads: 1 });
  wasm = backend() as WasmTrainingBackend;
});

const counts = (): object => {
  const { numTensors, numDataBuffers } = memory();
  return { numTensors, numDataBuffers, bytes: wasm.heap.bytesInUse, ids: wasm.numDataIds() };
};

function randomBatch({ inputShape, classes }: Network, size: number): Batch {
  const stream = randomStream(9, "batch");
  const pixels = inputShape.reduce((product, length) => product * length, size);
  return {
    size,
    images: Float32Array.from(stream.normal(pixels)),
    labels: Int32Array.from({ length: size }, (_, i) => i % classes),
  };
}

/** Bits of all that a step moves. */
function stateOf(network: Network, learner: Learner | undefined): string {
  const tensors = [...network.parameters, ...network.buffers].map(({ value }) => value);
  const all = [...tensors, ...Object.values(learner?.state ?? {})];
  return all.map((one) => Buffer.from(one.dataSync().buffer).toString("base64")).join();
}

interface Case {
  readonly network: () => Network;
  readonly condition: Condition;
  readonly optimizer: () => Optimizer;
}

/** Fails every allocation of a step and counts what is left behind, or changed. */
async function failSteps({ network: make, condition, optimizer }: Case): Promise<{
  allocations: number;
  leaks: number;
  changes: number;
}> {
  const network = make();
  network.setTrainable(conditionSelection(condition, network));
  const learner = Learner.of(network, optimizer());
  const batch = randomBatch(network, 3);
  const take = (step: number): void => {
    trainingStep(network, batch, learner, { learningRate: 0.05, step }).dispose();
  };
  take(1);
  let before = { counts: counts(), state: stateOf(network, learner) };
  let leaks = 0;
  let changes = 0;
  const allocations = await failEveryAllocation(
    wasm.heap,
    () => take(2),
    (error) => {
      expect(isOutOfMemory(error), String(error)).toBe(true);
      expect((error as Error).message).toMatch(/^train: 3 images of .* do not fit/);
      const after = { counts: counts(), state: stateOf(network, learner) };
      if (JSON.stringify(after.counts) !== JSON.stringify(before.counts)) leaks++;
      if (after.state !== before.state) changes++;
      before = { ...before, counts: after.counts };
    },
  );
  const twoSteps = stateOf(network, learner);
  learner?.dispose();
  network.dispose();

  const undisturbed = make();
  undisturbed.setTrainable(conditionSelection(condition, undisturbed));
  const other = Learner.of(undisturbed, optimizer());
  for (const step of [1, 2]) {
    trainingStep(undisturbed, batch, other, { learningRate: 0.05, step }).dispose();
  }
  expect(twoSteps).toBe(stateOf(undisturbed, other));
  other?.dispose();
  undisturbed.dispose();
  return { allocations, leaks, changes };
}

const none = { leaks: 0, changes: 0 };
const checkpointedNetwork = (): Network => tinyNetwork({ checkpointedStages: 2 });
const sgdOf = (): Optimizer => sgd() as Optimizer;
const adamOf = (): Optimizer => adam() as Optimizer;

describe("every allocation of a training step fails in turn", () => {
  test.each(conditions)("cifar-resnet-8, condition %s", async (condition) => {
    const { allocations, ...rest } = await failSteps({
      network: tinyNetwork,
      condition,
      optimizer: sgdOf,
    });
    expect(rest).toEqual(none);
    expect(allocations).toBeGreaterThan(20);
  });

  test.each([
    {
      name: "checkpointed stages",
      network: checkpointedNetwork,
      condition: "bn",
      optimizer: sgdOf,
    },
    {
      name: "checkpointed stages",
      network: checkpointedNetwork,
      condition: "all",
      optimizer: sgdOf,
    },
    { name: "Adam", network: tinyNetwork, condition: "bn", optimizer: adamOf },
    { name: "DenseNet", network: () => denseNet(1), condition: "all", optimizer: sgdOf },
    { name: "MobileNet", network: () => mobileNet(1), condition: "bn", optimizer: sgdOf },
    { name: "MobileNet", network: () => mobileNet(1), condition: "all", optimizer: adamOf },
  ] as const)("$name, condition $condition", async ({ network, condition, optimizer }) => {
    const { allocations, ...rest } = await failSteps({ network, condition, optimizer });
    expect(rest).toEqual(none);
    expect(allocations).toBeGreaterThan(50);
  });
});

test("every allocation of a new network and its first step fails in turn: all is as it was", async () => {
  const batch = randomBatch({ inputShape: [8, 8, 3], classes: 10 } as unknown as Network, 3);
  const first = (): void => {
    const network = tinyNetwork();
    try {
      network.setTrainable(conditionSelection("random-2", network));
      const learner = new Learner(network.trainable, sgdOf());
      try {
        trainingStep(network, batch, learner, { learningRate: 0.05, step: 1 }).dispose();
      } finally {
        learner.dispose();
      }
    } finally {
      network.dispose();
    }
  };
  first();
  const before = counts();
  const allocations = await failEveryAllocation(wasm.heap, first, (error, nth) => {
    expect(isOutOfMemory(error), String(error)).toBe(true);
    expect(counts(), `allocation ${nth}`).toEqual(before);
  });
  expect(allocations).toBeGreaterThan(150);
  expect(counts()).toEqual(before);
});

test.each(["running", "observed"])("every allocation of predict fails in turn: %s", async (how) => {
  const network = tinyNetwork();
  const { images } = randomBatch(network, 3);
  const input = (): Float32Array => images.slice();
  const observe = how === "observed" ? (): void => {} : undefined;
  const expected = network.predict(tensor(input(), [3, 8, 8, 3]), observe);
  const bits = expected.dataSync();
  expected.dispose();
  const before = counts();
  const allocations = await failEveryAllocation(
    wasm.heap,
    () => {
      const logits = network.predict(tensor(input(), [3, 8, 8, 3]), observe);
      try {
        expect(logits.dataSync()).toEqual(bits);
      } finally {
        logits.dispose();
      }
    },
    (error, nth) => {
      expect(isOutOfMemory(error), String(error)).toBe(true);
      expect(counts(), `allocation ${nth}`).toEqual(before);
    },
  );
  expect(allocations).toBeGreaterThan(15);
  network.dispose();
});

test("every allocation of evaluate fails in turn", async () => {
  const network = tinyNetwork();
  const batch = randomBatch(network, 3);
  const source = {
    inputShape: network.inputShape,
    classes: network.classes,
    size: batch.size,
    batches: () => [batch],
  };
  const expected = await evaluate(network, source);
  const before = counts();
  const failures = await failEveryAllocation(
    wasm.heap,
    async () => expect(await evaluate(network, source)).toEqual(expected),
    (error, nth) => {
      expect(String(error)).toMatch(/evaluate: 3 images of 8x8x3 at once do not fit/);
      expect(counts(), `allocation ${nth}`).toEqual(before);
    },
  );
  expect(counts()).toEqual(before);
  expect(failures).toBeGreaterThan(15);
  network.dispose();
});
