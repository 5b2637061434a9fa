import { memory, tensor } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import {
  batchNorm,
  disposePass,
  globalAveragePool,
  Network,
  sequential,
  trainingPass,
} from "../../src/index.ts";
import { lossOf, randomTensor, useCpu } from "../support/tiny.ts";

beforeAll(useCpu);

const build = (affine: "both" | "gamma" | "beta" | "none"): Network =>
  new Network({
    name: "tiny",
    layer: sequential({ bn: batchNorm(3, { affine }), pool: globalAveragePool() }),
    inputShape: [4, 4, 3],
    classes: 3,
  });

test.each([
  ["both", ["bn/gamma", "bn/beta"]],
  ["gamma", ["bn/gamma"]],
  ["beta", ["bn/beta"]],
  ["none", []],
] as const)("affine %s: the parameters are %j, and training leaks nothing", (affine, paths) => {
  const network = build(affine);
  expect(network.parameters.map(({ path }) => path)).toEqual(paths);
  network.setTrainable(paths.length === 0 ? [] : "bn");
  const [input, direction] = [
    randomTensor("input", [5, 4, 4, 3]),
    randomTensor("direction", [5, 3]),
  ];
  const run = (): number => {
    const pass = trainingPass({ record: paths.length > 0 });
    lossOf(network, input, direction, pass);
    expect([...pass.gradients.keys()].map(({ path }) => path)).toEqual(paths);
    disposePass(pass);
    return memory().numTensors;
  };
  expect(run()).toBe(run());
  network.dispose();
});

test("three switches: statistics that normalise, their update and the trainable parameters are apart", () => {
  const network = build("both");
  network.setTrainable("bn.gamma");
  const [input, direction] = [
    randomTensor("input", [5, 4, 4, 3]),
    randomTensor("direction", [5, 3]),
  ];

  const frozen = trainingPass({ statistics: "running", updateStatistics: false });
  lossOf(network, input, direction, frozen);
  expect(frozen.statisticsUpdates.size).toBe(0);
  expect([...frozen.gradients.keys()].map(({ role }) => role)).toEqual(["bn.gamma"]);

  const adapting = trainingPass({ updateStatistics: false });
  lossOf(network, input, direction, adapting);
  expect(adapting.statisticsUpdates.size).toBe(0);

  const training = trainingPass();
  lossOf(network, input, direction, training);
  expect(training.statisticsUpdates.size).toBe(2);
  [frozen, adapting, training].forEach(disposePass);
});

// Two images, one channel: values 0, 1, 2, 3, 4, 5, 6, 9; mean 3.75, unbiased variance 8.5 (by hand).
test("running statistics: momentum 0.1 towards the mean and the unbiased variance", () => {
  const layer = batchNorm(1);
  const network = new Network({
    name: "tiny",
    layer: sequential({ bn: layer, pool: globalAveragePool() }),
    inputShape: [2, 2, 1],
    classes: 1,
  });
  const pass = trainingPass({ record: false });
  const { output } = network.layer.forward(tensor([0, 1, 2, 3, 4, 5, 6, 9], [2, 2, 2, 1]), pass);
  output.dispose();
  const updates = [...pass.statisticsUpdates].map(([{ role }, value]) => [
    role,
    value.dataSync()[0],
  ]);
  expect(updates[0]![0]).toBe("bn.mean");
  expect(updates[0]![1]).toBeCloseTo(0.1 * 3.75, 6);
  expect(updates[1]![1]).toBeCloseTo(0.9 * 1 + 0.1 * 8.5, 6);
  disposePass(pass);
});

test("one value per channel has no variance: says so instead of giving NaN", () => {
  const layer = batchNorm(2);
  layer.path = "stem/bn";
  for (const state of [...layer.parameters, ...layer.buffers]) state.set(randomTensor("x", [2]));
  expect(() => layer.forward(randomTensor("y", [1, 1, 1, 2]), trainingPass())).toThrow(
    'batchNorm: one value per channel has no variance (input [1,1,1,2] at "stem/bn"). Use a batch of at least 2 images.',
  );
});
