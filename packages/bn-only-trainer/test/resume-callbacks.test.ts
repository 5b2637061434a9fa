import { createHash } from "node:crypto";
import { memory, mul, sign, sub, tidy } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import {
  averageParameters,
  checkpoint,
  decodeState,
  earlyStop,
  encodeState,
  type NamedCallback,
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
function collect(): { states: TrainingState[]; callback: NamedCallback } {
  const states: TrainingState[] = [];
  const callback: NamedCallback = {
    name: "collect",
    last: true,
    async on({ event }, context) {
      if (event === "step" || event === "epoch")
        states.push(decodeState(encodeState(await context.state())));
    },
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
    return [average.capture!(), states];
  };
  const [undisturbed, states] = await averages();
  const [resumed] = await averages(states[6]);
  expect(resumed).toEqual(undisturbed);
});

test("an average that the state has nothing of begins anew", async () => {
  const { states, callback } = collect();
  await outcome({ callbacks: [callback] });
  const [fresh, used] = [averageParameters(), averageParameters()];
  await outcome({ callbacks: [used] });
  for (const average of [fresh, used]) await outcome({ callbacks: [average], resume: states[4]! });
  expect(used.capture!()).toEqual(fresh.capture!());
});

test("a state of before the first step: averages begin anew, from its bytes too", async () => {
  const states: TrainingState[] = [];
  const atStart: TrainCallback = async ({ event }, context) => {
    if (event === "start") states.push(await context.state());
  };
  const average = averageParameters();
  await outcome({ callbacks: [average, atStart] });
  const undisturbed = average.capture!();
  expect(states[0]!.step).toBe(0);
  for (const resume of [states[0]!, decodeState(encodeState(states[0]!))]) {
    await outcome({ callbacks: [average], resume });
    expect(average.capture!()).toEqual(undisturbed);
  }
});

test("a state with a callback that is not here changes no other callback", async () => {
  const { states, callback } = collect();
  const [average, other] = [averageParameters({ decay: 0.9 }), averageParameters({ decay: 0.5 })];
  await outcome({ callbacks: [average, other, callback] });
  await outcome({ callbacks: [average] });
  const before = average.capture!();
  const run = outcome({ callbacks: [average], resume: states[4]! });
  await expect(run).rejects.toThrow('with the callback "averageParameters 0.5", which is not here');
  expect(average.capture!()).toEqual(before);
});

test("what a callback remembers in another type is refused by the first save", async () => {
  const integers: unknown = new Map([["a", Int32Array.of(1)]]);
  const mine: NamedCallback = {
    name: "mine",
    on: () => undefined,
    capture: () => integers as ReadonlyMap<string, Float32Array>,
    restore: () => undefined,
  };
  const save = checkpoint({ every: "1steps", save: () => undefined });
  await expect(outcome({ callbacks: [mine, save] })).rejects.toThrow(
    'encodeState: the state: "callbacks/mine/a" must be a Float32Array, got an Int32Array.',
  );
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
    expect(result).toMatchObject({ steps: 0, losses: [] });
  });

  test("an early stop behind the checkpoint ends the run that goes on from it", async () => {
    const { states, callback } = collect();
    const stopping = earlyStop({ patience: 1, minDelta: 99 });
    const undisturbed = await outcome({ callbacks: [callback, stopping] });
    const resume = states.at(-1)!;
    expect(await outcome({ callbacks: [stopping], resume })).toEqual(undisturbed);
  });
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

test("a run that is aborted before its state is back leaves the checkpoint that it was to go on from", async () => {
  const { states, callback } = collect();
  await outcome({ callbacks: [callback], epochs: 1 });
  const saved: TrainingState[] = [];
  const save = checkpoint({ every: "1steps", save: (_bytes, state) => void saved.push(state) });
  const signal = AbortSignal.abort(new Error("interrupted"));
  await expect(
    outcome({ callbacks: [save], epochs: 1, resume: states[0]!, signal }),
  ).rejects.toThrow("interrupted");
  expect(saved).toEqual([]);
});
