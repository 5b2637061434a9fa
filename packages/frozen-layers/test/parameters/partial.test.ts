import { tensor } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import {
  countTrainable,
  conv2d,
  dense,
  flatten,
  type Parameter,
  SelectorError,
  sequential,
} from "../../src/index.ts";
import { tinyNetwork, useCpu } from "../support/tiny.ts";

beforeAll(useCpu);

const network = () =>
  tinyNetwork(
    sequential({
      conv: conv2d({ inputChannels: 1, outputChannels: 2 }),
      flatten: flatten(),
      head: dense({ inputs: 2, outputs: 2 }),
    }),
    [3, 3, 1],
  );
const kernelOf = ({ parameters }: { parameters: readonly Parameter[] }) => parameters[0]!;

test("setTrainable: some numbers of a parameter, and counts of scalars", () => {
  const net = network();
  net.setTrainable(["head", { select: "conv", indices: () => Int32Array.of(3, 17) }]);
  expect(kernelOf(net).trainableIndices).toEqual(Int32Array.of(3, 17));
  expect(kernelOf(net).trainableSize).toBe(2);
  expect(countTrainable(net.trainable)).toBe(2 + 6);
  net.setTrainable("conv");
  expect(kernelOf(net).trainableIndices).toBeUndefined();
  expect(countTrainable(net.trainable)).toBe(18);
});

test.each([[[5, 5]], [[4, 2]], [[-1]], [[18]], [[]]])(
  "setTrainable: positions %j are refused",
  (at) => {
    const selection = { select: "conv", indices: () => Int32Array.from(at) };
    expect(() => network().setTrainable(selection)).toThrow(SelectorError);
  },
);

test("fingerprint: covers what is frozen of a tensor, and not what trains", async () => {
  const net = network();
  net.setTrainable({ select: "conv", indices: () => Int32Array.of(3, 17) });
  const before = await net.fingerprint();
  const change = (index: number) => {
    const values = kernelOf(net).value.dataSync<"float32">().slice();
    values[index]! += 1;
    kernelOf(net).set(tensor(values, [...kernelOf(net).shape]));
  };
  change(17);
  expect(await net.fingerprint()).toBe(before);
  change(16);
  expect(await net.fingerprint()).not.toBe(before);
});
