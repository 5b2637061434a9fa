import { tensor } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import {
  activation,
  batchNorm,
  hasTrainable,
  identity,
  ShapeError,
  trainingPass,
} from "../../src/index.ts";
import { useCpu } from "../support/tiny.ts";

beforeAll(useCpu);

const pass = trainingPass({ inputGradient: true });

test.each([
  ["relu", [0, 0, 3, 9], [0, 0, 1, 1]],
  ["relu6", [0, 0, 3, 6], [0, 0, 1, 0]],
  ["none", [-2, 0, 3, 9], [1, 1, 1, 1]],
] as const)("activation: %s and its slope", (kind, expected, slope) => {
  const layer = activation(kind);
  const { output, saved } = layer.forward(tensor([[-2, 0, 3, 9]]), pass);
  expect([...output.dataSync()]).toEqual(expected);
  output.dispose();
  const gradient = layer.backward(saved, tensor([[1, 1, 1, 1]]), pass)!;
  expect([...gradient.dataSync()]).toEqual(slope);
  gradient.dispose();
});

test("activation: another name is refused", () => {
  expect(() => activation("gelu" as "relu")).toThrow(
    new ShapeError(
      'activation: "gelu" does not exist; did you mean "relu"? Choose one of relu, relu6, sigmoid, none.',
    ),
  );
});

test("batchNorm: relu6 bounds the output and stops the gradient at both ends", () => {
  const layer = batchNorm(1, { activation: "relu6" });
  layer.parameters[0]!.set(tensor([10]));
  layer.parameters[1]!.set(tensor([0]));
  layer.buffers.forEach((statistic) => statistic.initialize());
  const input = tensor([-1, 0.1, 0.5, 3], [4, 1, 1, 1]);
  const running = trainingPass({ statistics: "running", inputGradient: true });
  const { output, saved } = layer.forward(input, running);
  const values = output.dataSync();
  expect([values[0], values[3]]).toEqual([0, 6]);
  expect(values[1]).toBeCloseTo(1, 4);
  expect(values[2]).toBeCloseTo(5, 3);
  output.dispose();
  const gradient = layer.backward(saved!, tensor([1, 1, 1, 1], [4, 1, 1, 1]), running)!;
  const slopes = gradient.dataSync();
  expect([slopes[0], slopes[3]]).toEqual([0, 0]);
  expect(slopes[1]).toBeCloseTo(10, 3);
});

test("identity: has nothing to train", () => {
  expect(hasTrainable(identity())).toBe(false);
});
