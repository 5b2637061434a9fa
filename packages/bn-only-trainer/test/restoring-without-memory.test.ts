import type { WasmTrainingBackend } from "@bn-only/backend-wasm";
import { isOutOfMemory, type Network } from "@bn-only/frozen-layers";
import { failEveryAllocation } from "@bn-only/testing/failing-allocations";
import { backend, memory } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import {
  adam,
  averageParameters,
  checkpoint,
  type Condition,
  conditionSelection,
  decodeState,
  Learner,
  readModel,
  restoreModel,
  saveModel,
  sgd,
  train,
  type TrainingState,
  useBackend,
} from "../src/index.ts";
import { restoreTensors } from "../src/state/capture.ts";
import { tinyData, tinyNetwork } from "./support/tiny.ts";

// What puts numbers into a network asks for memory; each of its allocations fails in turn, and network and
// learner are as they were, to the bit, with as many tensors.

let wasm: WasmTrainingBackend;

beforeAll(async () => {
  await useBackend("wasm", { threads: 1 });
  wasm = backend() as WasmTrainingBackend;
});

function allOf(network: Network, learner?: Learner): string {
  const states = [...network.parameters, ...network.buffers].map(({ value }) => value);
  const all = [...states, ...Object.values(learner?.state ?? {})];
  const bits = all.map((one) => Buffer.from(one.dataSync().buffer).toString("base64")).join();
  return `${bits} ${memory().numTensors} ${wasm.numDataIds()} ${wasm.heap.bytesInUse}`;
}

async function trained(condition: Condition, optimizer: typeof sgd | typeof adam) {
  const network = tinyNetwork();
  let state: TrainingState | undefined;
  const save = checkpoint({ every: "1epochs", save: (bytes) => void (state = decodeState(bytes)) });
  await train({
    network,
    data: tinyData(),
    epochs: 2,
    batchSize: 50,
    condition,
    optimizer: optimizer(),
    callbacks: [save],
  });
  return { network, state: state! };
}

test.each([
  ["bn", sgd],
  ["random-2", adam],
  ["all", adam],
] as const)("restoreTensors of condition %s", async (condition, optimizer) => {
  const { network: other, state } = await trained(condition, optimizer);
  const network = tinyNetwork();
  network.setTrainable(conditionSelection(condition, network));
  const learner = Learner.of(network, optimizer())!;
  const before = allOf(network, learner);
  const failures = await failEveryAllocation(
    wasm.heap,
    () => restoreTensors(network, learner, state),
    (error, nth) => {
      expect(isOutOfMemory(error), String(error)).toBe(true);
      expect(allOf(network, learner) === before, `as before after allocation ${nth}`).toBe(true);
    },
  );
  // A tensor for each parameter and statistic, and each vector of the optimiser.
  const vectors = Object.keys(learner.state).length;
  expect(failures).toBe(network.trainable.length + network.buffers.length + vectors);
  expect(allOf(network, learner)).not.toBe(before);
  learner.dispose();
  [network, other].forEach((one) => one.dispose());
});

test.each(["bn+head", "random-2", "all"] as const)(
  "restoreModel, condition %s",
  async (condition) => {
    const { network: other } = await trained(condition, sgd);
    const model = readModel(await saveModel(other));
    const { network } = await trained("head", sgd);
    const before = allOf(network);
    const failures = await failEveryAllocation(
      wasm.heap,
      () => restoreModel(network, model),
      (error, nth) => {
        expect(isOutOfMemory(error), String(error)).toBe(true);
        expect(allOf(network) === before, `as before after allocation ${nth}`).toBe(true);
      },
    );
    expect(failures).toBeGreaterThan(30);
    expect(await saveModel(network)).toEqual(await saveModel(other));
    [network, other].forEach((one) => one.dispose());
  },
);

test("averageParameters: apply", async () => {
  const network = tinyNetwork();
  const average = averageParameters({ decay: 0.5 });
  await train({ network, data: tinyData(), epochs: 2, batchSize: 25, callbacks: [average] });
  const before = allOf(network);
  const failures = await failEveryAllocation(
    wasm.heap,
    () => average.apply(network),
    (error, nth) => {
      expect(isOutOfMemory(error), String(error)).toBe(true);
      expect(allOf(network) === before, `as before after allocation ${nth}`).toBe(true);
    },
  );
  expect(failures).toBe(network.trainable.length);
  network.dispose();
});
