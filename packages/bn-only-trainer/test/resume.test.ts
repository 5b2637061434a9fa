import { createHash } from "node:crypto";
import { memory, zerosLike } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import { randomStream } from "@bn-only/frozen-layers";
import {
  adam,
  averageParameters,
  type Batch,
  type BatchRequest,
  checkpoint,
  type Condition,
  cosine,
  decodeState,
  encodeState,
  InvalidOptionError,
  type Optimizer,
  saveModel,
  sgd,
  train,
  type TrainCallback,
  type TrainingState,
  type TrainOptions,
  useBackend,
} from "../src/index.ts";
import { tinyData, tinyNetwork } from "./support/tiny.ts";

type Options = Partial<TrainOptions>;
/** 2 epochs of 4 steps, the last one smaller. */
const protocol = { epochs: 2, batchSize: 32 };
const STEPS = 8;

interface Outcome {
  readonly model: string;
  readonly history: unknown;
}

/** What must be the same: the model's bytes, losses and accuracies of every epoch. */
async function outcome(options: Options): Promise<Outcome> {
  const network = tinyNetwork();
  const result = await train({ network, data: tinyData(), ...protocol, ...options });
  const file = await saveModel(network);
  network.dispose();
  const history = result.history.map(({ seconds: _s, imagesPerSecond: _i, ...rest }) => rest);
  return { model: createHash("sha256").update(file).digest("hex"), history };
}

/** The state after `step` steps, through its bytes, of a run that ends there. */
async function interrupted(step: number, options: Options): Promise<TrainingState> {
  const network = tinyNetwork();
  const controller = new AbortController();
  const states: Uint8Array[] = [];
  const stop: TrainCallback = (event) => {
    if (event.event === "step" && event.step === step) controller.abort(new Error("interrupted"));
  };
  const save = checkpoint({ every: "1000steps", save: (bytes) => void states.push(bytes) });
  const callbacks = [...(options.callbacks ?? []), stop, save];
  const { signal } = controller;
  const run = train({ network, data: tinyData(), ...protocol, ...options, callbacks, signal });
  await expect(run).rejects.toThrow("interrupted");
  network.dispose();
  expect(states).toHaveLength(1);
  return decodeState(states[0]!);
}

const variants: readonly (readonly [name: string, options: () => Options])[] = [
  ...(["bn", "bn+head", "all", "head", "random-2", "none"] as Condition[]).map(
    (condition) => [condition, () => ({ condition })] as const,
  ),
  ["Nesterov, cosine", () => ({ optimizer: sgd({ nesterov: true }), schedule: cosine() })],
  ["Adam", () => ({ optimizer: adam(), schedule: cosine({ learningRate: 0.01 }) })],
  ["averages", () => ({ callbacks: [averageParameters({ decay: 0.9 })] })],
];

const machines = [
  { backend: "cpu", threads: 1, runs: 1 },
  { backend: "wasm", threads: 1, runs: 11 },
  { backend: "wasm", threads: 3, runs: 11 },
] as const;

// 9 variants and 23 random steps each: 207 interruptions.
describe.each(machines)("resume on $backend, $threads threads", ({ backend, threads, runs }) => {
  beforeAll(async () => void (await useBackend(backend, { threads })));

  test.each(variants)("%s: the same bits as never stopping", async (name, options) => {
    const undisturbed = await outcome(options());
    const drawn = randomStream(0, `resume/${backend}/${threads}/${name}`).uniform(runs);
    for (const number of drawn) {
      const step = 1 + Math.floor(number * (STEPS - 1));
      const resume = await interrupted(step, options());
      expect(resume.step).toBe(step);
      expect(await outcome({ ...options(), resume }), `step ${step}`).toEqual(undisturbed);
    }
  });
});

describe("resume", () => {
  beforeAll(async () => void (await useBackend("wasm", { threads: 2 })));
  let state: TrainingState;
  beforeAll(async () => void (state = await interrupted(5, {})));

  test("from one backend to another: losses agree to rounding", async () => {
    const here = await outcome({ resume: state });
    await useBackend("cpu");
    const there = await outcome({ resume: state });
    await useBackend("wasm", { threads: 2 });
    const loss = ({ history }: Outcome): number =>
      (history as { trainLoss: number }[])[1]!.trainLoss;
    expect(loss(there)).toBeCloseTo(loss(here), 3);
  });

  test("events go on where they were: step and epoch count from the beginning", async () => {
    const seen: unknown[] = [];
    const callbacks: TrainCallback[] = [(event) => seen.push(event)];
    await outcome({ resume: state, callbacks });
    expect(seen).toMatchObject([
      { event: "start", steps: 8, resumedAt: 5 },
      { event: "step", step: 6, epoch: 1 },
      { event: "step", step: 7, epoch: 1 },
      { event: "step", step: 8, epoch: 1 },
      { event: "epoch", epoch: 1 },
    ]);
  });

  test("the state after a run's last step only has the evaluation left", async () => {
    const last = await interrupted(8, {});
    expect(await outcome({ resume: last })).toEqual(await outcome({}));
  });

  test("a state is 19 KB for ResNet-8's BatchNorm, and its bytes are stable", () => {
    const bytes = encodeState(state);
    expect(bytes.length).toBeLessThan(20_000);
    expect(encodeState(decodeState(bytes))).toEqual(bytes);
  });

  test.each<[string, Options | (() => Options), string]>([
    ["epochs", { epochs: 3 }, "the number of epochs is 3 here, 2 in the state"],
    ["batch size", { batchSize: 16 }, "the batch size is 16 here, 32 in the state"],
    ["optimiser", { optimizer: adam() as Optimizer }, "the optimiser is adam"],
    ["schedule", { schedule: cosine() }, "the learning rate at the first, middle and last step"],
    [
      "condition",
      { condition: "bn+head" },
      '"head/kernel" is one of the parameters here, but not in the state',
    ],
    ["data", { data: { train: tinyData(99).train } }, "the number of training images is 99 here"],
    [
      "network",
      () => ({ network: tinyNetwork({ seed: 2 }) }),
      "the seed is 2 here, 1 in the state",
    ],
  ])("another %s is refused, and nothing leaks", async (_name, given, message) => {
    const before = memory().numTensors;
    const options = typeof given === "function" ? given() : given;
    const network = options.network ?? tinyNetwork();
    const all = { data: tinyData(), ...protocol, ...options, network, resume: state };
    await expect(train(all)).rejects.toThrow(InvalidOptionError);
    await expect(train(all)).rejects.toThrow(message);
    network.dispose();
    expect(memory().numTensors).toBe(before);
  });

  test("a missing callback is named", async () => {
    const options = { callbacks: [averageParameters()] };
    const averaged = await interrupted(3, options);
    await expect(outcome({ resume: averaged })).rejects.toThrow(
      'resume: the state is of a run with the callback "averageParameters 0.999", which is not here.',
    );
  });

  test("a checkpoint holds what callbacks after it in the list did at that step", async () => {
    const zero: TrainCallback = (event, { network }) => {
      const gamma = network.parameters.findLast(({ role }) => role === "bn.gamma")!;
      if (event.event === "step" && event.step === 3) gamma.set(zerosLike(gamma.value));
    };
    const states: Uint8Array[] = [];
    const save = checkpoint({ every: "3steps", save: (bytes) => states.push(bytes) });
    const options = { callbacks: [save, averageParameters({ decay: 0.9 }), zero] };
    const undisturbed = await outcome(options);
    const resume = decodeState(states[0]!);
    expect(await outcome({ ...options, resume })).toEqual(undisturbed);
  });

  test("a run that a callback stopped has nothing to go on with", async () => {
    const states: Uint8Array[] = [];
    const save = checkpoint({ every: "1epoch", save: (bytes) => states.push(bytes) });
    const stop: TrainCallback = (event, context) =>
      event.event === "step" && event.step === 3 && context.stop("enough");
    const stopped = await outcome({ callbacks: [save, stop] });
    expect(await outcome({ resume: decodeState(states[0]!) })).toEqual(stopped);
  });

  test("a frozen weight that a callback changed is noticed", async () => {
    const change: TrainCallback = (event, { network }) => {
      const { 0: kernel } = network.parameters;
      if (event.event === "step" && event.step === 2) kernel!.set(zerosLike(kernel!.value));
    };
    const early = checkpoint({ every: "1steps", save: () => undefined });
    const changed = await interrupted(5, { callbacks: [early, change] });
    await expect(outcome({ resume: changed })).rejects.toThrow(
      "the frozen weights have fingerprint",
    );
  });

  test("running statistics that stand still are those of the run", async () => {
    const fixed = await interrupted(3, { fixedStatistics: "stem/**" });
    const undisturbed = await outcome({ fixedStatistics: "stem/**" });
    expect(await outcome({ resume: fixed })).toEqual(undisturbed);
    await expect(outcome({ resume: fixed, fixedStatistics: "bn" })).rejects.toThrow(
      "running statistics stand still here, 2 in the state",
    );
    await expect(
      outcome({ resume: { ...fixed, fixedStatistics: ["stem/bn/median"] } }),
    ).rejects.toThrow(
      /^resume: the running statistic "stem\/bn\/median" stands still in the state, but .+ has none of that name/,
    );
  });

  test("step, history and sums that do not belong together are refused", async () => {
    await expect(outcome({ resume: { ...state, step: 1 } })).rejects.toThrow(
      "the state has 1 finished epochs, 1 steps, of 4 in an epoch, and",
    );
    const sums = { loss: 0, correct: 0, images: 1 };
    await expect(outcome({ resume: { ...state, sums } })).rejects.toThrow(
      "1 images of the epoch that is not finished. They do not belong together",
    );
  });

  test("data that begin with another batch are refused; a state that does not know takes them", async () => {
    const { train: source } = tinyData();
    const other = {
      ...source,
      *batches(request: BatchRequest) {
        for (const batch of source.batches(request) as Iterable<Batch>) {
          yield { ...batch, images: batch.images.map((pixel) => pixel + 1) };
        }
      },
    };
    const data = { ...tinyData(), train: other };
    await expect(outcome({ resume: state, data })).rejects.toThrow(
      "resume: the data begin with another batch than those of the run: other images, or another seed, order,",
    );
    const { firstBatch, ...identity } = state.identity;
    expect(firstBatch).toMatch(/^[0-9a-f]{64}$/);
    await outcome({ resume: { ...state, identity }, data });
  });
});
