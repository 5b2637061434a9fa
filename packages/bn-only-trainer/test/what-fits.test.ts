import type { WasmTrainingBackend } from "@bn-only/backend-wasm";
import { OutOfMemoryError } from "@bn-only/frozen-layers";
import { backend, memory } from "@tensorflow/tfjs-core";
import { afterEach, beforeAll, expect, test } from "vitest";
import {
  conditionSelection,
  evaluate,
  Learner,
  sgd,
  trainingStep,
  useBackend,
} from "../src/index.ts";
import type { Batch } from "../src/index.ts";
import { firstBatch, tinyData, tinyNetwork } from "./support/tiny.ts";

let wasm: WasmTrainingBackend;
let undo = (): void => {};

beforeAll(async () => {
  await useBackend("wasm", { threads: 1 });
  wasm = backend() as WasmTrainingBackend;
});
afterEach(() => undo());

/** A heap of so many bytes beyond those in use. */
function limitHeap(bytes: number): void {
  const { heap } = wasm;
  const limit = heap.bytesInUse + bytes;
  const { allocate } = heap;
  heap.allocate = (wanted, shape) =>
    allocate.call(heap, heap.bytesInUse + wanted > limit ? 2 ** 40 : wanted, shape);
  Object.defineProperty(heap, "limitBytes", { value: limit, configurable: true });
  undo = () => {
    heap.allocate = allocate;
    Reflect.deleteProperty(heap, "limitBytes");
  };
}

function errorOf(run: () => unknown): Error {
  try {
    run();
  } catch (error) {
    return error as Error;
  }
  throw new Error("expected an error");
}

test.each([0, 2] as const)(
  "a batch that is too large: the error names one that fits, %d stages checkpointed",
  (checkpointedStages) => {
    const network = tinyNetwork({ checkpointedStages });
    network.setTrainable(conditionSelection("bn", network));
    const learner = new Learner(network.trainable, sgd());
    const { train } = tinyData(600);
    const take = (batch: Batch): void =>
      trainingStep(network, batch, learner, { learningRate: 0.1, step: 1 }).dispose();
    take(firstBatch(train, 2));
    const before = memory().numTensors;
    limitHeap(4 * 2 ** 20);

    const error = errorOf(() => take(firstBatch(train, 600)));
    expect(error).toBeInstanceOf(OutOfMemoryError);
    expect(error.message).toMatch(
      /^train: 600 images of 8x8x3 at once do not fit cifar-resnet-8 in memory \(\d+\.\d GiB more were wanted with .* in use, and "bn-wasm" can have .*\)\. About \d+ would: choose batchSize \d+\. Or build the network with checkpointedStages/,
    );
    expect((error.cause as Error).message).toMatch(/^memory: .*iB more.* do not fit/);
    const images = Number(/batchSize (\d+)/.exec(error.message)![1]);
    expect(images).toBeGreaterThan(8);
    take(firstBatch(train, images));
    expect(() => take(firstBatch(train, 2 * images))).toThrow(OutOfMemoryError);
    expect(memory().numTensors).toBe(before);
    learner.dispose();
    network.dispose();
  },
);

test("evaluate: the error names a batch size that fits", async () => {
  const network = tinyNetwork();
  const { test: source } = tinyData(10, 800);
  await evaluate(network, source, { batchSize: 4 });
  limitHeap(2 ** 20);
  const error = await evaluate(network, source, { batchSize: 800 }).catch(
    (reason: Error) => reason,
  );
  expect(String(error)).toMatch(/evaluate: 800 images .* do not fit/);
  const batchSize = Number(/batchSize (\d+)/.exec(String(error))![1]);
  const { predictions } = await evaluate(network, source, { batchSize });
  expect(predictions).toHaveLength(800);
  network.dispose();
});

test("where nothing fits the error says so", () => {
  const network = tinyNetwork();
  network.setTrainable("bn");
  const learner = new Learner(network.trainable, sgd());
  const batch = firstBatch(tinyData().train, 20);
  limitHeap(2 ** 10);
  expect(() => trainingStep(network, batch, learner, { learningRate: 0.1, step: 1 })).toThrow(
    "Not even two would: other tensors or the network itself take too much",
  );
  learner.dispose();
  network.dispose();
});
