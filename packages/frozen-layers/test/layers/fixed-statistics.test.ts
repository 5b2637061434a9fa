import { beforeAll, expect, test } from "vitest";
import {
  batchNorm,
  conv2d,
  dense,
  disposePass,
  flatten,
  type Layer,
  SelectorError,
  sequential,
  trainingPass,
} from "../../src/index.ts";
import { lossOf, randomTensor, tinyNetwork, useCpu } from "../support/tiny.ts";

beforeAll(useCpu);

const unit = (channels: number): Layer =>
  sequential({
    conv: conv2d({ inputChannels: 3, outputChannels: channels, padding: 1 }),
    bn: batchNorm(channels),
  });

test("fixStatistics: the chosen BatchNorm uses and keeps its own, the others follow the batch", () => {
  const net = tinyNetwork(
    sequential({
      one: unit(3),
      two: unit(2),
      flatten: flatten(),
      head: dense({ inputs: 32, outputs: 2 }),
    }),
    [4, 4, 3],
  );
  net.setTrainable("**");
  net.fixStatistics("one/**");
  const outputs = new Map<string, Float32Array>();
  const pass = trainingPass({
    observe: (layer, output) => outputs.set(layer.path, output.dataSync<"float32">().slice()),
  });
  lossOf(net, randomTensor("x", [5, 4, 4, 3]), randomTensor("d", [5, 2]), pass);
  expect([...pass.statisticsUpdates.keys()].map(({ path }) => path)).toEqual([
    "two/bn/mean",
    "two/bn/variance",
  ]);
  // Running statistics of a new network are 0 and 1: nothing but gamma and beta is applied.
  const gamma = net.parameters.find(({ path }) => path === "one/bn/gamma")!.value.dataSync();
  const conv = outputs.get("one/conv")!;
  outputs.get("one/bn")!.forEach((value, i) => {
    expect(value).toBeCloseTo((gamma[i % 3]! * conv[i]!) / Math.sqrt(1 + 1e-5), 5);
  });
  disposePass(pass);

  net.fixStatistics();
  const again = trainingPass();
  lossOf(net, randomTensor("x", [5, 4, 4, 3]), randomTensor("d", [5, 2]), again);
  expect(again.statisticsUpdates.size).toBe(4);
  disposePass(again);
  expect(() => net.fixStatistics("three/**")).toThrow(SelectorError);
});

test("fixStatistics: a BatchNorm that is the whole network has no path, and both of its statistics stand still", () => {
  const net = tinyNetwork(batchNorm(2), [2]);
  net.fixStatistics("bn.variance");
  expect(net.buffers.map(({ fixed }) => fixed)).toEqual([true, true]);
});

test("a variance that is told to stand still does, with its mean", () => {
  const net = tinyNetwork(batchNorm(2), [2]);
  net.setTrainable("bn");
  net.buffers[1]!.fixed = true;
  const pass = trainingPass();
  lossOf(net, randomTensor("x", [5, 2]), randomTensor("d", [5, 2]), pass);
  expect(pass.statisticsUpdates.size).toBe(0);
  disposePass(pass);
});
