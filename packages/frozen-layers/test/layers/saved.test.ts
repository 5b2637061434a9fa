import { memory } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import {
  checkpointed,
  checkpointedSequential,
  dense,
  disposePass,
  globalAveragePool,
  type Layer,
  sequential,
  trainingPass,
} from "../../src/index.ts";
import { lossOf, randomTensor, tinyNetwork, useCpu, unit } from "../support/tiny.ts";

beforeAll(useCpu);

const network = (middle: Layer = unit(4, 4)) =>
  tinyNetwork(
    sequential({
      first: unit(3, 4),
      second: middle,
      pool: globalAveragePool(),
      head: dense({ inputs: 4, outputs: 2 }),
    }),
    [6, 6, 3],
  );

/** Tensors that stay alive between forward and backward. */
function savedBy(selector: string | readonly string[]): number {
  const net = network();
  net.setTrainable(selector);
  const pass = trainingPass({ updateStatistics: false });
  const before = memory().numTensors;
  const prepared = 2;
  const { output, saved } = net.layer.forward(randomTensor("x", [2, 6, 6, 3]), pass);
  const alive = memory().numTensors - before - prepared - 1;
  net.layer.backward(saved, output, pass);
  disposePass(pass);
  net.dispose();
  return alive;
}

test("a frozen convolution saves nothing: two BatchNorms keep input, mean and variance each", () => {
  expect(savedBy("bn")).toBe(6);
});

test("nothing below the lowest trainable parameter is saved", () => {
  expect(savedBy("second/bn/*")).toBe(3);
  expect(savedBy("head.bias")).toBe(0);
  expect(savedBy("head.kernel")).toBe(1);
});

test("a convolution that trains keeps its input", () => {
  expect(savedBy(["bn", "conv"])).toBe(8);
});

const units = (): Record<string, Layer> => ({
  one: unit(4, 4),
  two: unit(4, 4),
  three: unit(4, 4),
});

test.each([
  ["checkpointed", () => unit(4, 4), () => checkpointed(unit(4, 4)), 4],
  ["checkpointedSequential", () => sequential(units()), () => checkpointedSequential(units()), 8],
] as const)(
  "%s: the same gradients to the bit, and the same paths",
  (_name, inner, outer, count) => {
    const [plain, thrifty] = [network(inner()), network(outer() as Layer)];
    expect(thrifty.parameters.map(({ path }) => path)).toEqual(
      plain.parameters.map(({ path }) => path),
    );
    const [input, direction] = [
      randomTensor("input", [3, 6, 6, 3]),
      randomTensor("direction", [3, 2]),
    ];
    const gradientsOf = (net: typeof plain): Float32Array[] => {
      net.setTrainable("bn");
      const pass = trainingPass();
      lossOf(net, input, direction, pass);
      const values = net.trainable.map((parameter) =>
        pass.gradients.get(parameter)!.dataSync<"float32">(),
      );
      expect(pass.statisticsUpdates.size).toBe(count);
      disposePass(pass);
      return values;
    };
    expect(gradientsOf(thrifty)).toEqual(gradientsOf(plain));
  },
);

test("checkpointedSequential: saves one tensor for each segment of √n layers", () => {
  const layers = Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`layer${i}`, unit(4, 4)]));
  const net = network(checkpointedSequential(layers) as Layer);
  net.setTrainable("second/**/gamma");
  const pass = trainingPass({ updateStatistics: false });
  const [first, second] = Object.values(net.layer.children) as [Layer, Layer];
  const { output } = first.forward(randomTensor("x", [2, 6, 6, 3]), { ...pass, record: false });
  const before = memory().numTensors;
  const { output: result, saved } = second.forward(output, pass);
  const prepared = 9;
  expect(memory().numTensors - before - prepared).toBe(3);
  second.backward(saved, result, pass);
  disposePass(pass);
  net.dispose();
});
