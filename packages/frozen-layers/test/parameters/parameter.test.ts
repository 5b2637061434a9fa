import { memory, ones } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import {
  dense,
  FrozenLayersError,
  type Network,
  Parameter,
  sequential,
  ShapeError,
} from "../../src/index.ts";
import { tinyNetwork, useCpu } from "../support/tiny.ts";

beforeAll(useCpu);

const network = (): Network =>
  tinyNetwork(sequential({ head: dense({ inputs: 3, outputs: 2 }) }), [3]);

test("set: another shape or type is refused and stays the caller's", () => {
  const net = network();
  const [kernel] = net.parameters as [Parameter];
  const before = memory().numTensors;
  for (const wrong of [ones([2, 3]), ones([3, 2], "int32")]) {
    expect(() => kernel.set(wrong)).toThrow(ShapeError);
    wrong.dispose();
  }
  expect(() => kernel.set(ones([6]))).toThrow(
    "head/kernel: expected a float32 tensor of shape [3,2], got float32 [6].",
  );
  expect(kernel.value.shape).toEqual([3, 2]);
  expect(kernel.version).toBe(1);
  expect(memory().numTensors).toBe(before + 1);
});

test("set: the same tensor again stays alive", () => {
  const [kernel] = network().parameters as [Parameter];
  kernel.set(kernel.value);
  expect(kernel.value.isDisposed).toBe(false);
});

test("value: before a network and after its end", () => {
  expect(() => new Parameter("kernel", "head.kernel", [1]).value).toThrow(
    "kernel: has no value yet. Build a network of its layer first.",
  );
  const net = network();
  net.dispose();
  net.dispose();
  expect(() => net.predict(ones([1, 3]))).toThrow(FrozenLayersError);
  expect(() => net.parameters[0]!.value).toThrow("head/kernel: its network was disposed.");
});
