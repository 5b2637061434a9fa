import {
  countScalars,
  outlineNetwork,
  Parameter,
  RunningStatistic,
  select,
  type Selector,
  type TrainableSelection,
} from "@bn-only/frozen-layers";
import { defineNetwork } from "@bn-only/resnet-zoo";
import { documentVectors } from "@bn-only/testing/document-vectors";
import { beforeAll, describe, expect, test } from "vitest";
import {
  type BackendName,
  type Condition,
  conditions,
  conditionSelection,
  isCondition,
  train,
  useBackend,
} from "../src/index.ts";
import { bitsOf, tinyData, tinyNetwork } from "./support/tiny.ts";

interface Inputs {
  readonly seed: number;
  readonly path: string;
  readonly size: number;
  readonly outputs: number;
  readonly k: number;
}

// docs/init-v1.md, which Python's standard library checks too: tools/init-v1/check.py.
test.each(documentVectors<Inputs>("random"))(
  "docs/init-v1.md: random-$k of $path, seed $seed",
  ({ seed, path, size, outputs, k, expected }) => {
    const kernel = new Parameter(
      "kernel",
      "conv.kernel",
      [size / outputs, outputs],
      size / outputs,
    );
    kernel.path = path;
    const buffers = [new RunningStatistic("mean", "bn.mean", [outputs])];
    const network = { seed, parameters: [kernel], buffers };
    const selection = conditionSelection(`random-${k}`, network);
    const { indices } = selection as { indices: (parameter: Parameter) => Int32Array };
    expect([...indices(kernel)]).toEqual(expected);
  },
);

/** What a condition trains of a network, without drawing its weights. */
function scalarsOf(name: string, condition: Condition): number {
  const { parameters, buffers } = outlineNetwork(defineNetwork(name));
  const selection: TrainableSelection = conditionSelection(condition, {
    seed: 1,
    parameters,
    buffers,
  });
  if (!Object.hasOwn(Object(selection), "indices")) {
    return countScalars(select(parameters, selection as Selector));
  }
  const partial = selection as { select: Selector; indices: (parameter: Parameter) => Int32Array };
  return select(parameters, partial.select).reduce(
    (sum, parameter) => sum + partial.indices(parameter).length,
    0,
  );
}

// arXiv 2003.00152v2, Table 1: BatchNorm, output, shortcut convolutions and all parameters.
const table: [name: string, batchNorm: number, output: number, shortcut: number, total: number][] =
  [
    ["cifar-resnet-14", 1_120, 650, 2_560, 175_258],
    ["cifar-resnet-110", 8_288, 650, 2_560, 1_730_714],
    ["cifar-resnet-866", 64_736, 650, 2_560, 13_979_930],
    ["cifar-resnet-14-4", 4_480, 2_570, 40_960, 2_777_674],
    ["cifar-resnet-14-32", 35_840, 20_490, 2_621_440, 177_279_498],
    ["imagenet-resnet-18", 9_600, 513_000, 172_032, 11_689_512],
    ["imagenet-resnet-50", 53_120, 2_049_000, 2_768_896, 25_557_032],
    ["imagenet-resnet-200", 176_000, 2_049_000, 2_768_896, 64_673_832],
  ];

test.each(table)(
  "%s: each condition trains as many numbers as the paper's table says",
  (name, batchNorm, output, shortcut, total) => {
    const expected: Record<string, number> = {
      all: total,
      "all-but-bn": total - batchNorm,
      bn: batchNorm,
      gamma: batchNorm / 2,
      beta: batchNorm / 2,
      head: output,
      shortcut,
      conv: total - batchNorm - output - shortcut,
      "bn+head": batchNorm + output,
      "shortcut+head": shortcut + output,
      "bn+shortcut+head": batchNorm + shortcut + output,
      "conv+shortcut+head": total - batchNorm,
      none: 0,
      "random-1": batchNorm / 2,
      "random-2": batchNorm,
      "random-3": (batchNorm / 2) * 3,
    };
    for (const [condition, scalars] of Object.entries(expected)) {
      expect(scalarsOf(name, condition as Condition), condition).toBe(scalars);
    }
  },
);

test.each(["cifar-vgg-11", "cifar-densenet-40-12", "mobilenet-v2", "mlp-4-64"])(
  "%s: random-2 trains as many numbers as BatchNorm has",
  (name) => {
    expect(scalarsOf(name, "random-2")).toBe(scalarsOf(name, "bn"));
    expect(scalarsOf(name, "random-1")).toBe(scalarsOf(name, "gamma"));
  },
);

test("random-k: a network without BatchNorm is refused by the name of the condition", () => {
  const { parameters } = outlineNetwork(defineNetwork("cifar-resnet-8"));
  const withoutNorm = { seed: 0, parameters, buffers: [] };
  expect(() => conditionSelection("random-2", withoutNorm)).toThrow(
    'train: the condition "random-2" needs convolutions, and BatchNorm to count them by;',
  );
});

test("random-k: more weights than a channel has are refused", () => {
  expect(() => scalarsOf("cifar-resnet-8", "random-28")).toThrow(
    'train: the condition "random-28" trains 28 of the weights that lead to one output channel, and of those "stem/conv/kernel" has 27. Choose',
  );
});

test("groups and patterns of paths are joined by +", () => {
  expect(scalarsOf("cifar-resnet-8", "head+gamma")).toBe(650 + 336);
  expect(scalarsOf("cifar-resnet-8", "stage3/**/bn2/*+stem/**/beta+head")).toBe(2 * 64 + 16 + 650);
  expect(() => scalarsOf("cifar-resnet-8", "stage4/**")).toThrow(
    'train: the condition "stage4/**" names "stage4/**", which matches no parameter of this network.',
  );
});

test.each([
  "",
  "+",
  "bn+",
  "bn+bm",
  "random-0",
  "random-2+bn",
  "all+bn",
  "__proto__",
  "x/".repeat(101),
])("%j is no condition", (name) => {
  expect(isCondition(name)).toBe(false);
  expect(() =>
    conditionSelection(name as Condition, { seed: 0, parameters: [], buffers: [] }),
  ).toThrow(
    /^train: the condition .* does not exist.* Choose one of bn, gamma, .*"stage3\/\*\*" by "\+"\.$/,
  );
});

// packages/backend-tensorflow/vitest.tensorflow.config.ts names another one.
const backends = process.env["BN_ONLY_TEST_BACKENDS"]?.split(",") ?? ["wasm", "tfjs-wasm", "cpu"];

// Counted by hand for cifar-resnet-8: BatchNorm features 16 + 2·16 + 3·32 + 3·64 = 336.
const convolutions = 9 * (3 * 16 + 2 * 16 * 16 + 16 * 32 + 32 * 32 + 32 * 64 + 64 * 64);
const shortcuts = 16 * 32 + 32 * 64;
const trained: Readonly<Record<string, number>> = {
  bn: 672,
  gamma: 336,
  beta: 336,
  "random-2": 672,
  shortcut: shortcuts,
  head: 650,
  "bn+head": 672 + 650,
  "shortcut+head": shortcuts + 650,
  "bn+shortcut+head": 672 + shortcuts + 650,
  all: convolutions + shortcuts + 672 + 650,
  "all-but-bn": convolutions + shortcuts + 650,
  none: 0,
};

describe.each(backends as BackendName[])("on %s", (backend) => {
  beforeAll(async () => void (await useBackend(backend)));

  test.each(conditions)(
    "condition %s moves exactly what it names; everything else is bit-identical",
    async (condition) => {
      const network = tinyNetwork();
      const before = bitsOf(network);
      const protocol = { data: tinyData(64), epochs: 1, batchSize: 32 };
      const result = await train({ network, condition, ...protocol });
      const moved = [...bitsOf(network)].filter(([path, bits]) =>
        bits.some((word, i) => word !== before.get(path)![i]),
      );
      expect(moved.map(([path]) => path)).toEqual(network.trainable.map(({ path }) => path));
      expect(result.trainableParameters).toBe(trained[condition]);
      expect(result.steps).toBe(2);
      network.dispose();
    },
  );
});

test.each([
  ["fixed", [1]],
  ["oneOne", [1]],
] as const)(
  "all-but-bn with the initialisation %s: gamma stays at 1",
  async (batchNorm, values) => {
    await useBackend("wasm");
    const network = tinyNetwork({ batchNorm });
    await train({ network, data: tinyData(64), condition: "all-but-bn", epochs: 1, batchSize: 32 });
    const gammas = network.parameters.filter(({ role }) => role === "bn.gamma");
    expect([...new Set(gammas.flatMap(({ value }) => [...value.dataSync()]))]).toEqual(values);
    network.dispose();
  },
);
