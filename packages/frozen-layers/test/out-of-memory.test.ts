import {
  getKernel,
  memory,
  ones,
  registerKernel,
  setBackend,
  unregisterKernel,
} from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import { beforeAll, expect, test } from "vitest";
import {
  conv2d,
  dense,
  flatten,
  globalAveragePool,
  isOutOfMemory,
  Network,
  OutOfMemoryError,
  runOp,
  sequential,
  sumOp,
} from "../src/index.ts";

beforeAll(() => setBackend("cpu"));

test("a kernel of tfjs whose array is too long: the error names op, shapes and what to do", () => {
  const { kernelFunc } = getKernel("Add", "cpu")!;
  unregisterKernel("Add", "cpu");
  registerKernel({
    kernelName: "Add",
    backendName: "cpu",
    kernelFunc: () => void new Float32Array(2 ** 50) as never,
  });
  const [a, b] = [ones([2, 3]), ones([2, 3])];
  const before = memory().numTensors;
  try {
    expect(() => runOp(sumOp, { a, b }, {})).toThrow(OutOfMemoryError);
    expect(() => runOp(sumOp, { a, b }, {})).toThrow(
      /^sum: its result for inputs of \[2,3\], \[2,3\] does not fit in the memory of the backend "cpu"\. Use a smaller batch, or checkpointed blocks \(.+\)\.$/,
    );
  } finally {
    unregisterKernel("Add", "cpu");
    registerKernel({ kernelName: "Add", backendName: "cpu", kernelFunc });
  }
  expect(memory().numTensors).toBe(before);
  [a, b].forEach((tensor) => tensor.dispose());
});

test("a network that is too large holds nothing, and its layers can be used again", () => {
  const layer = sequential({
    conv: conv2d({ inputChannels: 3, outputChannels: 4 }),
    pool: globalAveragePool(),
    flat: flatten(),
    head: dense({ inputs: 4, outputs: 2 ** 48 }),
  });
  const definition = { name: "wide", layer, inputShape: [4, 4, 3], classes: 2 ** 48 };
  const before = memory();
  expect(() => new Network(definition)).toThrow(OutOfMemoryError);
  expect(() => new Network(definition)).toThrow(
    /^wide: its weights take 5242880\.0 GiB and do not fit in the memory of the backend "cpu"\. Build a narrower network \(.+\)\.$/,
  );
  expect(memory()).toEqual(before);
});

test("isOutOfMemory: errors of backends and engines, and no others", () => {
  const ofEngine = (length: number): unknown => {
    try {
      return new Float32Array(length);
    } catch (error) {
      return error;
    }
  };
  expect(isOutOfMemory(ofEngine(2 ** 50))).toBe(true);
  expect(isOutOfMemory(new RangeError("Array buffer allocation failed"))).toBe(true);
  expect(isOutOfMemory(new Error("OOM when allocating tensor with shape[13000,32,32,16]"))).toBe(
    true,
  );
  expect(isOutOfMemory(new OutOfMemoryError("full"))).toBe(true);
  expect(isOutOfMemory(new RangeError("toFixed() digits argument must be between 0 and 100"))).toBe(
    false,
  );
  expect(isOutOfMemory(new TypeError("out of memory"))).toBe(false);
  expect(isOutOfMemory("out of memory")).toBe(false);
});
