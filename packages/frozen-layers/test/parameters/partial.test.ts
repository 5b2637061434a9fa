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

test("setTrainable: positions that are no Int32Array are refused", () => {
  const selection = { select: "conv", indices: () => [3, 17] as unknown as Int32Array };
  expect(() => network().setTrainable(selection)).toThrow(
    "conv/kernel: expected an Int32Array of the positions that train, got [3, 17].",
  );
});

test.each([
  ["an unknown role", ["head", "gamma"]],
  ["positions out of range", ["conv", { select: "head.bias", indices: () => Int32Array.of(2) }]],
  ["what is no selector", ["conv", null as unknown as string]],
  ["indices that are no function", [{ select: "conv", indices: 3 as never }]],
] as const)("setTrainable: %s changes nothing", (_name, selection) => {
  const net = network();
  net.setTrainable({ select: "conv", indices: () => Int32Array.of(3) });
  expect(() => net.setTrainable(selection)).toThrow(SelectorError);
  expect(net.trainable.map(({ path }) => path)).toEqual(["conv/kernel"]);
  expect(kernelOf(net).trainableIndices).toEqual(Int32Array.of(3));
});

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
