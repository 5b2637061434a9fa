import { memory } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import {
  constant,
  DivergedError,
  evaluate,
  train,
  type TrainEvent,
  useBackend,
} from "../src/index.ts";
import { bitsOf, tinyData, tinyNetwork } from "./support/tiny.ts";

beforeAll(async () => void (await useBackend("wasm")));

const quick = { epochs: 2, batchSize: 32 };

test("condition none: the running statistics still follow the data", async () => {
  const network = tinyNetwork();
  await train({ network, data: tinyData(), condition: "none", ...quick });
  expect(Math.max(...network.buffers[0]!.value.dataSync().map(Math.abs))).toBeGreaterThan(0);
  network.dispose();
});

test("a selector instead of a condition: gamma alone", async () => {
  const network = tinyNetwork();
  const result = await train({
    network,
    data: tinyData(),
    condition: { select: "bn.gamma" },
    ...quick,
  });
  expect(result.trainableParameters).toBe(336);
  network.dispose();
});

test("it learns: BatchNorm alone takes synthetic images well above chance", async () => {
  const network = tinyNetwork();
  const data = tinyData(1000, 200);
  const result = await train({ network, data, epochs: 6, batchSize: 50 });
  expect(result.history[0]!.trainLoss).toBeGreaterThan(result.history[5]!.trainLoss);
  expect(result.testAccuracy).toBeGreaterThan(0.5);
  const again = await evaluate(network, data.test);
  expect(again.accuracy).toBe(result.testAccuracy);
  expect(again.loss).toBe(result.testLoss);
  network.dispose();
});

test("the same seed gives the same bits", async () => {
  const run = async (): Promise<Map<string, Uint32Array>> => {
    const network = tinyNetwork();
    await train({ network, data: tinyData(), ...quick });
    const bits = bitsOf(network);
    network.dispose();
    return bits;
  };
  expect(await run()).toEqual(await run());
});

test("events: start, every step, every epoch, in order and complete", async () => {
  const network = tinyNetwork();
  const events: TrainEvent[] = [];
  const callbacks = [(event: TrainEvent) => void events.push(event)];
  await train({ network, data: tinyData(100), ...quick, callbacks });
  expect(events.map(({ event }) => event).join(" ")).toBe(
    "start step step step step epoch step step step step epoch",
  );
  expect(events[0]).toMatchObject({
    steps: 8,
    stepsPerEpoch: 4,
    trainableParameters: 672,
    backend: "wasm",
  });
  const steps = events.filter((event) => event.event === "step");
  expect(steps.map(({ images }) => images)).toEqual([32, 32, 32, 4, 32, 32, 32, 4]);
  expect(steps.map(({ learningRate }) => Number(learningRate.toFixed(6)))).toEqual([
    0.1, 0.1, 0.1, 0.1, 0.01, 0.01, 0.001, 0.001,
  ]);
  network.dispose();
});

test("abort: rejects with the signal's reason and leaks nothing", async () => {
  const network = tinyNetwork();
  const data = tinyData();
  await train({ network, data, ...quick });
  const before = memory().numTensors;
  const controller = new AbortController();
  const stop = (event: TrainEvent): void => {
    if (event.event === "step" && event.step === 3) controller.abort(new Error("enough"));
  };
  const { signal } = controller;
  await expect(train({ network, data, ...quick, callbacks: [stop], signal })).rejects.toThrow(
    "enough",
  );
  expect(memory().numTensors).toBe(before);
  await expect(train({ network, data, signal })).rejects.toThrow("enough");
  network.dispose();
});

test("divergence: says so instead of going on with NaN", async () => {
  const network = tinyNetwork();
  const before = memory().numTensors;
  const run = train({
    network,
    data: tinyData(),
    ...quick,
    schedule: constant(1e30),
    condition: "all",
  });
  await expect(run).rejects.toThrow(DivergedError);
  await expect(run).rejects.toThrow(/the loss became .* at step \d+, at a learning rate of/);
  expect(memory().numTensors - before).toBeLessThanOrEqual(2 * 9);
  network.dispose();
});

test("random-2: two weights of every channel move, all others are bit-identical", async () => {
  const network = tinyNetwork();
  const before = bitsOf(network);
  await train({ network, data: tinyData(), condition: "random-2", ...quick });
  const after = bitsOf(network);
  for (const { path, shape, trainableIndices } of network.trainable) {
    const channels = shape.at(-1)!;
    const perChannel = Array.from({ length: channels }, () => 0);
    trainableIndices!.forEach((index) => (perChannel[index % channels]! += 1));
    expect(perChannel, path).toEqual(Array.from({ length: channels }, () => 2));
    const moved = [...after.get(path)!.keys()].filter(
      (i) => after.get(path)![i] !== before.get(path)![i],
    );
    expect(moved, path).toEqual([...trainableIndices!]);
  }
  network.dispose();
});

test("head: a trained network's running statistics stand still, a fresh one's move, and by request", async () => {
  const network = tinyNetwork();
  const data = tinyData();
  const statistics = (): number[][] =>
    network.buffers.map(({ value }) => [...value.dataSync<"float32">()]);
  const run = async (options: object): Promise<boolean> => {
    const before = statistics();
    await train({ network, data, condition: "head", ...quick, ...options });
    return JSON.stringify(statistics()) !== JSON.stringify(before);
  };
  expect(await run({})).toBe(true);
  expect(await run({})).toBe(false);
  expect(await run({ fixedStatistics: [] })).toBe(true);
  expect(await run({ condition: "bn" })).toBe(true);
  expect(await run({ condition: "bn", fixedStatistics: "bn" })).toBe(false);
  expect(network.buffers.some(({ fixed }) => fixed)).toBe(false);
  network.dispose();
});
