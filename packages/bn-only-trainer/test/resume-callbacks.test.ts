import { createHash } from "node:crypto";
import { memory, mul, sign, sub, tidy } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import {
  averageParameters,
  checkpoint,
  decodeState,
  earlyStop,
  encodeState,
  InvalidOptionError,
  type Optimizer,
  saveModel,
  train,
  type TrainCallback,
  type TrainingState,
  type TrainOptions,
  useBackend,
} from "../src/index.ts";
import { tinyData, tinyNetwork } from "./support/tiny.ts";

beforeAll(async () => void (await useBackend("wasm")));

type Options = Partial<TrainOptions>;

/** The model's SHA-256, how many epochs there were, and what the run says of its end. */
async function outcome(options: Options) {
  const network = tinyNetwork();
  const all = { network, data: tinyData(), epochs: 3, batchSize: 32, ...options };
  const { history, stopped, steps } = await train(all);
  const file = await saveModel(network);
  network.dispose();
  const losses = history.map(({ trainLoss, testAccuracy }) => [trainLoss, testAccuracy]);
  return { model: createHash("sha256").update(file).digest("hex"), losses, stopped, steps };
}

/** States of every step and epoch of a run, in order, through their bytes. */
function collect(): { states: TrainingState[]; callback: TrainCallback } {
  const states: TrainingState[] = [];
  const callback: TrainCallback = async ({ event }, context) => {
    if (event === "step" || event === "epoch")
      states.push(decodeState(encodeState(await context.state())));
  };
  return { states, callback };
}

test("a callback that throws: the last checkpoint goes on to the same bits, thrice interrupted too", async () => {
  const undisturbed = await outcome({});
  let resume: TrainingState | undefined;
  for (const every of ["2steps", "3steps", "5steps"]) {
    const save = checkpoint({ every, save: (_bytes, state) => void (resume = state) });
    const network = tinyNetwork();
    const broken: TrainCallback = (event) => {
      const at = { "2steps": 3, "3steps": 8, "5steps": 11 }[every];
      if (event.event === "step" && event.step === at) throw new Error("broken on purpose");
    };
    const protocol = { network, data: tinyData(), epochs: 3, batchSize: 32 };
    const run = train({ ...protocol, callbacks: [save, broken], ...(resume && { resume }) });
    await expect(run).rejects.toThrow("broken on purpose");
    network.dispose();
  }
  expect(resume!.step).toBe(10);
  expect(await outcome({ resume: resume! })).toEqual(undisturbed);
});

test("a checkpoint in front of an average has the average of its own step", async () => {
  const averages = async (resume?: TrainingState): Promise<[unknown, TrainingState[]]> => {
    const average = averageParameters({ decay: 0.9 });
    const { states, callback } = collect();
    const callbacks = [callback, average];
    await outcome({ callbacks, ...(resume && { resume }) });
    return [average.capture(), states];
  };
  const [undisturbed, states] = await averages();
  const [resumed] = await averages(states[6]);
  expect(resumed).toEqual(undisturbed);
});

test("an average begins anew with every run that begins anew", async () => {
  const average = averageParameters({ decay: 0.9 });
  await outcome({ callbacks: [average] });
  const once = average.capture();
  await outcome({ callbacks: [average] });
  expect(average.capture()).toEqual(once);
});

test("an average of some numbers of each tensor: it has only those, and apply leaves the others", async () => {
  const network = tinyNetwork();
  const kernel = network.parameters.find(({ role }) => role === "conv.kernel")!;
  const before = kernel.value.dataSync<"float32">().slice();
  const average = averageParameters({ decay: 0.9 });
  const run = { data: tinyData(), epochs: 1, batchSize: 32, condition: "random-2" as const };
  await train({ network, ...run, callbacks: [average] });
  const tensors = memory().numTensors;
  average.apply(network);
  expect(memory().numTensors).toBe(tensors);
  const after = kernel.value.dataSync<"float32">();
  const averaged = average.capture().get(kernel.path)!;
  const trained = kernel.trainableIndices!;
  expect(averaged).toEqual(Float32Array.from(trained, (index) => after[index]!));
  const others = before.filter((_value, i) => !trained.includes(i));
  expect(after.filter((_value, i) => !trained.includes(i))).toEqual(others);
  network.dispose();
});

describe("a run that a callback ended", () => {
  const stopAt =
    (step: number): TrainCallback =>
    (event, { stop }) => {
      if (event.event === "step" && event.step === step) stop();
    };

  test.each([
    ["in the middle of an epoch", [stopAt(6)], 6],
    ["after two epochs without a better value", [earlyStop({ patience: 1, minDelta: 99 })], 8],
  ])("%s: from each of its states it ends there too", async (_name, stopping, steps) => {
    const { states, callback } = collect();
    const undisturbed = await outcome({ callbacks: [...stopping, callback] });
    expect(undisturbed).toMatchObject({ steps });
    expect(undisturbed.stopped).toBeDefined();
    for (const resume of states) {
      expect(await outcome({ callbacks: stopping, resume }), `step ${resume.step}`).toEqual(
        undisturbed,
      );
    }
  });

  test("at the start: no steps, no epochs", async () => {
    const callbacks: TrainCallback[] = [({ event }, { stop }) => event === "start" && stop()];
    const result = await outcome({ callbacks });
    expect(result).toMatchObject({ steps: 0, losses: [], stopped: "a callback asked for it" });
  });

  test("an early stop behind the checkpoint ends the run that goes on from it", async () => {
    const { states, callback } = collect();
    const stopping = earlyStop({ patience: 1, minDelta: 99 });
    const undisturbed = await outcome({ callbacks: [callback, stopping] });
    const resume = states.at(-1)!;
    expect(resume.stopped).toBeUndefined();
    expect(await outcome({ callbacks: [stopping], resume })).toEqual(undisturbed);
  });
});

test("a state that nobody waits for is of the moment of the call", async () => {
  const pending: Promise<TrainingState>[] = [];
  const callback: TrainCallback = (event, context) => {
    if (event.event === "step" && event.step === 5) pending.push(context.state());
  };
  const undisturbed = await outcome({ callbacks: [callback] });
  const resume = await pending[0]!;
  expect(resume.step).toBe(5);
  expect(await outcome({ resume })).toEqual(undisturbed);
});

test("an optimiser of one's own: trains, leaks nothing and goes on to the same bits", async () => {
  const signs: Optimizer = {
    name: "sign",
    options: {},
    init: () => ({}),
    update: (_state, parameters, gradient, { learningRate }) => ({
      parameters: tidy(() => sub(parameters, mul(sign(gradient), learningRate))),
      state: {},
    }),
  };
  const schedule = (): number => 0.001;
  const before = memory().numTensors;
  const { states, callback } = collect();
  const undisturbed = await outcome({ optimizer: signs, schedule, callbacks: [callback] });
  const again = await outcome({ optimizer: signs, schedule, resume: states[4]! });
  expect(again).toEqual(undisturbed);
  expect(memory().numTensors).toBe(before);
});

test.each<[string, Options | (() => Options), string]>([
  [
    "early stop",
    { callbacks: [earlyStop({ patience: 1 })], data: { train: tinyData().train } },
    "earlyStop: the run has no testLoss",
  ],
  [
    "two averages",
    { callbacks: [averageParameters(), averageParameters()] },
    "train: two callbacks share a name",
  ],
  [
    "a factory",
    { optimizer: averageParameters as unknown as Optimizer },
    "train: the optimizer must have a name",
  ],
  [
    "a number",
    { schedule: 0.1 as never },
    "train: the schedule must be a function of (step, steps), got number",
  ],
  [
    "no such metric",
    () => ({ callbacks: [earlyStop({ patience: 1, metric: "loss" as never })] }),
    "earlyStop: metric must be one of testLoss",
  ],
  [
    "zero steps",
    () => ({ callbacks: [checkpoint({ every: { steps: 0 }, save: () => {} })] }),
    "every: steps must be a whole number from 1, got 0",
  ],
  [
    "no unit",
    () => ({ callbacks: [checkpoint({ every: {} as never, save: () => {} })] }),
    "every: expected { steps }, { epochs } or { seconds }, got {}",
  ],
])("%s: refused in a line, and nothing leaks", async (_name, options, message) => {
  const before = memory().numTensors;
  const network = tinyNetwork();
  const run = async (): Promise<unknown> =>
    train({
      network,
      data: tinyData(),
      epochs: 3,
      batchSize: 32,
      ...(typeof options === "function" ? options() : options),
    });
  await expect(run()).rejects.toThrow(InvalidOptionError);
  await expect(run()).rejects.toThrow(message);
  network.dispose();
  expect(memory().numTensors).toBe(before);
});

test.each<[string, (state: TrainingState) => Partial<TrainingState>, string]>([
  [
    "step",
    () => ({ step: 2.5 }),
    "resume: step 2.5 does not follow from 1 finished epochs of 4 steps",
  ],
  ["step", () => ({ step: 3 }), "resume: step 3 does not follow from 1 finished epochs"],
  [
    "optimiser",
    () => ({ optimizer: new Map() }),
    'of the optimiser\'s vectors, "velocity" has 672 numbers here, none in the state',
  ],
  [
    "statistic",
    ({ statistics }) => ({
      statistics: new Map([...statistics].map(([path, numbers]) => [path, numbers.slice(1)])),
    }),
    'of the running statistics, "stem/bn/mean" has 16 numbers here, 15 numbers in the state',
  ],
])("a damaged %s is refused, and the network stays as it was", async (_name, damage, message) => {
  const { states, callback } = collect();
  await outcome({ callbacks: [callback] });
  const state = states[5]!;
  const network = tinyNetwork();
  const values = (): unknown => network.parameters.map(({ value }) => value.dataSync());
  const before = values();
  const resume = { ...state, ...damage(state) };
  await expect(
    train({ network, data: tinyData(), epochs: 3, batchSize: 32, resume }),
  ).rejects.toThrow(message);
  expect(values()).toEqual(before);
  network.dispose();
});
