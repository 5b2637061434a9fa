import { zerosLike } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import {
  averageParameters,
  checkpoint,
  constant,
  earlyStop,
  InvalidOptionError,
  parseEvery,
  sgd,
  train,
  type TrainCallback,
  useBackend,
} from "../src/index.ts";
import { tinyData, tinyNetwork } from "./support/tiny.ts";

beforeAll(async () => void (await useBackend("wasm")));

const quick = { epochs: 2, batchSize: 32 };

test("what a callback writes into a parameter is what the next step starts from", async () => {
  const network = tinyNetwork();
  const zeroed = network.parameters.findLast(({ role }) => role === "bn.gamma")!;
  const callback: TrainCallback = (event) => {
    if (event.event === "step") zeroed.set(zerosLike(zeroed.value));
  };
  let seen: Float32Array | undefined;
  const look: TrainCallback = (event) => {
    if (event.event === "step" && event.step === 2)
      seen = zeroed.value.dataSync<"float32">().slice();
  };
  const optimizer = sgd({ momentum: 0, weightDecay: 0 });
  const options = { data: tinyData(), ...quick, optimizer, schedule: constant(1e-4) };
  await train({ network, ...options, callbacks: [look, callback] });
  expect(Math.max(...seen!.map(Math.abs))).toBeLessThan(1e-2);
  network.dispose();
});

test("stop: a callback ends the run, and the epoch that has begun is evaluated", async () => {
  const network = tinyNetwork();
  const callbacks: TrainCallback[] = [
    (event, { stop }) => event.event === "step" && event.step === 2 && stop("enough"),
  ];
  const result = await train({ network, data: tinyData(), ...quick, callbacks });
  expect(result).toMatchObject({ steps: 2, stopped: "enough" });
  expect(result.history).toHaveLength(1);
  expect(result.testAccuracy).toBeGreaterThanOrEqual(0);
  network.dispose();
});

test("earlyStop: ends after so many epochs without a better value", async () => {
  const network = tinyNetwork();
  const result = await train({
    network,
    data: tinyData(),
    epochs: 9,
    batchSize: 50,
    schedule: constant(0),
    callbacks: [earlyStop({ patience: 2, metric: "trainLoss", minDelta: 1 })],
  });
  expect(result.history).toHaveLength(3);
  expect(result.stopped).toBe("trainLoss has not got better for 2 epochs");
  network.dispose();
});

test("averageParameters: the average of what every step left, put into the network on request", async () => {
  const network = tinyNetwork();
  const gamma = network.parameters.find(({ role }) => role === "bn.gamma")!;
  const values: Float32Array[] = [];
  const average = averageParameters({ decay: 0.5 });
  const keep: TrainCallback = ({ event }) =>
    event === "step" && values.push(gamma.value.dataSync<"float32">().slice());
  await train({ network, data: tinyData(), ...quick, callbacks: [average, keep] });
  let expected = values[0]![3]!;
  for (const { 3: value } of values.slice(1)) expected = 0.5 * expected + 0.5 * value!;
  average.apply(network);
  expect(gamma.value.dataSync()[3]).toBeCloseTo(expected, 5);
  const other = tinyNetwork();
  other.setTrainable("head");
  expect(() => average.apply(other)).toThrow(/there is no average of "head\/kernel" yet/);
  [network, other].forEach((used) => used.dispose());
});

test.each([
  ["20steps", { steps: 20 }],
  ["1 epoch", { epochs: 1 }],
  ["30s", { seconds: 30 }],
  ["5min", { seconds: 300 }],
  ["0.5h", { seconds: 1800 }],
])("parseEvery: %s", (text, every) => {
  expect(parseEvery(text)).toEqual(every);
});

test.each(["", "5", "min", "0steps", "1.5steps", "-3s", "5 weeks"])(
  "parseEvery: %j is refused",
  (text) => {
    expect(() => parseEvery(text)).toThrow(InvalidOptionError);
  },
);

test.each([
  ["3steps", [3, 6]],
  ["1epoch", [4, 8]],
  ["1h", []],
])("checkpoint: every %s", async (every, expected) => {
  const network = tinyNetwork();
  const steps: number[] = [];
  const save = checkpoint({ every, save: (_bytes, state) => void steps.push(state.step) });
  await train({ network, data: tinyData(), ...quick, callbacks: [save] });
  expect(steps).toEqual(expected);
  network.dispose();
});

test.each([
  [{ steps: 0 }, "above 0"],
  [{ minutes: 5 }, "expected { steps }, { epochs } or { seconds }"],
  [{}, "expected { steps }, { epochs } or { seconds }"],
  [{ epochs: 1, steps: 1 }, "above 0, one of them, or a text"],
  [{ steps: 1, foo: 3 }, "got an object with steps, foo."],
])("checkpoint: every %j is refused at once", (every, message) => {
  expect(() => checkpoint({ every: every as { steps: number }, save: () => undefined })).toThrow(
    message,
  );
});

test("earlyStop: a metric that does not exist, or that the run does not have", async () => {
  expect(() => earlyStop({ patience: 1, metric: "trainloss" as "trainLoss" })).toThrow(
    "metric must be one of testLoss",
  );
  const network = tinyNetwork();
  const data = { train: tinyData().train };
  await expect(
    train({ network, data, ...quick, callbacks: [earlyStop({ patience: 1 })] }),
  ).rejects.toThrow("the run has no testLoss");
  network.dispose();
});

test("two callbacks that remember under one name, and what is no callback", async () => {
  const network = tinyNetwork();
  const run = (callbacks: unknown) =>
    train({ network, data: tinyData(), ...quick, callbacks: callbacks as TrainCallback[] });
  await expect(run([averageParameters(), averageParameters()])).rejects.toThrow(
    "needs a name of its own",
  );
  await expect(run([{}])).rejects.toThrow("callbacks must be functions");
  await expect(run([undefined])).rejects.toThrow(InvalidOptionError);
  network.dispose();
});

test.each([
  ["capture", { capture: () => new Map() }],
  ["restore", { restore: () => undefined }],
])("a callback with %s only is refused", async (method, half) => {
  const network = tinyNetwork();
  const callbacks = [{ name: "mine", on: () => undefined, ...half }];
  const run = train({ network, data: tinyData(), ...quick, callbacks });
  await expect(run).rejects.toThrow(InvalidOptionError);
  await expect(run).rejects.toThrow(
    `train: the callback "mine" must have capture() and restore(), or neither, got ${method}() only. Add the other one.`,
  );
  network.dispose();
});

test("averageParameters: of a part of a tensor, that part", async () => {
  const network = tinyNetwork();
  const average = averageParameters({ decay: 0.5 });
  const options = { data: tinyData(), ...quick, condition: "random-2" as const };
  const before = network.parameters[0]!.value.dataSync<"float32">().slice();
  await train({ network, ...options, callbacks: [average] });
  const kernel = network.parameters[0]!;
  expect(average.capture!().get(kernel.path)).toHaveLength(kernel.trainableSize);
  average.apply(network);
  const after = kernel.value.dataSync<"float32">();
  const moved = [...after.keys()].filter((i) => after[i] !== before[i]);
  expect(moved).toEqual([...kernel.trainableIndices!]);
  network.dispose();
});

test("what trains may not change meanwhile", async () => {
  const network = tinyNetwork();
  const callbacks: TrainCallback[] = [
    ({ event }) => event === "step" && network.setTrainable("**"),
  ];
  await expect(train({ network, data: tinyData(), ...quick, callbacks })).rejects.toThrow(
    "a callback changed what trains",
  );
  network.dispose();
});
