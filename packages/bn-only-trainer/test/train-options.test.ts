import { memory } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import {
  type Batch,
  type Condition,
  constant,
  InvalidOptionError,
  milestones,
  sgd,
  train,
  useBackend,
} from "../src/index.ts";
import { tinyData, tinyNetwork } from "./support/tiny.ts";

beforeAll(async () => void (await useBackend("wasm")));

const quick = { epochs: 2, batchSize: 32 };

test.each([
  [() => ({ batchSize: 0 }), "train: batchSize must be a whole number from 1, got 0."],
  [() => ({ epochs: 1.5 }), "train: epochs must be a whole number from 1, got 1.5."],
  [
    () => ({ schedule: () => Number.NaN }),
    "train: the schedule gave NaN as the learning rate of step 1, expected a number from 0.",
  ],
  [() => ({ schedule: constant(-1) }), "constant: learningRate must be a number from 0, got -1."],
  [
    () => ({ optimizer: sgd({ momentum: 1 }) }),
    "sgd: momentum must be a number from 0 to below 1, got 1.",
  ],
  [
    () => ({ optimizer: sgd({ weightDecay: -1 }) }),
    "sgd: weightDecay must be a number from 0, got -1.",
  ],
  [
    () => ({ schedule: milestones({ at: [2] }) }),
    "milestones: at must hold fractions between 0 and 1 of all steps, got [2].",
  ],
  [
    () => ({ condition: "random-99" as const }),
    'train: the condition "random-99" trains 99 of the weights that lead to one output channel, and of those "stem/conv/kernel" has 27. Choose',
  ],
])("bad options %#", async (options, message) => {
  const network = tinyNetwork();
  const run = async () => train({ network, data: tinyData(), ...options() });
  await expect(run()).rejects.toThrow(message);
  network.dispose();
});

test.each([
  [
    { batchsize: 5 },
    'there is no option "batchsize"; did you mean "batchSize"? Options are network, data',
  ],
  [{ schedule: 0.1 }, "schedule must be a schedule, such as milestones(), got 0.1"],
  [{ optimizer: "adam" }, 'optimizer must be an optimiser, such as sgd(), got "adam"'],
  [{ optimizer: sgd }, "optimizer must be an optimiser, such as sgd(), got a function"],
  [{ condition: null }, "condition must be a name, or { select }, got null"],
  [{ callbacks: () => undefined }, "callbacks must be a list, got a function"],
  [
    { resume: new Uint8Array(3) },
    'resume: no state has such a value of "identity", got undefined. Use what decodeState gives.',
  ],
  [{ data: undefined }, "data must be { train, test? } with sources of batches, got undefined"],
  [
    { network: {} },
    "network must be a Network, such as createNetwork() gives, got an empty object",
  ],
])("options of the wrong kind: %j", async (options, message) => {
  const network = tinyNetwork();
  const before = memory().numTensors;
  const run = train({ network, data: tinyData(), ...quick, ...options } as never);
  await expect(run).rejects.toThrow(InvalidOptionError);
  await expect(run).rejects.toThrow(message);
  expect(memory().numTensors).toBe(before);
  network.dispose();
});

test("batches of another size, and labels that are no class, are refused", async () => {
  const network = tinyNetwork();
  const { train: source } = tinyData();
  const tens = {
    ...source,
    batches: ({ epoch }: { epoch: number }) => source.batches({ epoch, batchSize: 10 }),
  };
  await expect(train({ network, data: { train: tens }, ...quick })).rejects.toThrow(
    "batch: expected 32 images, got 10",
  );
  const [batch] = source.batches({ epoch: 0, batchSize: 32 }) as Iterable<Batch>;
  const labels = [Number.NaN, 1.5, ...batch!.labels.subarray(2)] as unknown as Int32Array;
  const odd = { ...source, batches: () => [{ ...batch!, labels }] };
  await expect(train({ network, data: { train: odd }, ...quick })).rejects.toThrow(
    "the label NaN is none of the 10 classes",
  );
  network.dispose();
});

test("a source that delivers fewer images than it says is refused", async () => {
  const network = tinyNetwork();
  const { train: source } = tinyData(96);
  const short = { ...source, size: 128 };
  await expect(train({ network, data: { train: short }, ...quick })).rejects.toThrow(
    "the source says that it has 128 images and delivered 96 in epoch 1",
  );
  network.dispose();
});

test("bad data: shapes, classes, labels and an unknown condition are refused before they do harm", async () => {
  const network = tinyNetwork({ classes: 2 });
  const data = tinyData();
  await expect(train({ network, data })).rejects.toThrow(
    "train data: they have 10 classes, cifar-resnet-8 has 2. Create the network with { classes: 10 }.",
  );
  const other = tinyNetwork({ inputShape: [32, 32, 3] });
  await expect(train({ network: other, data })).rejects.toThrow(
    "train data: cifar-resnet-8 expects images of 32x32x3, the data have 8x8x3.",
  );
  const lying = { ...data.train, classes: 2, batches: data.train.batches.bind(data.train) };
  await expect(train({ network, data: { train: lying } })).rejects.toThrow(
    /the label \d is none of the 2 classes of cifar-resnet-8/,
  );
  const empty = { ...data.train, size: 0, classes: 2 };
  await expect(train({ network, data: { train: empty } })).rejects.toThrow(
    /expected at least one image/,
  );
  await expect(
    train({
      network,
      data: { train: { ...data.train, classes: 2 } },
      condition: "bm" as Condition,
    }),
  ).rejects.toThrow(
    'the condition "bm" does not exist; did you mean "bn"? Choose one of bn, gamma, beta, all, all-but-bn, head',
  );
  network.dispose();
  other.dispose();
});
