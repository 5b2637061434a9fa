import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  backendName,
  detouringKernels,
  detours,
  onDetour,
  registerWasmBackend,
} from "../../src/index.ts";

tf.env().set("PROD", true); // no advertisement for tfjs-node from the cpu backend

// Kernels of our own for standard kernels against tfjs-backend-cpu's, on shapes that vectors do not
// divide, and the proof that they ran.

const numbers = (shape: number[], seed = 0): tf.Tensor =>
  tf.tensor(
    Float32Array.from(
      { length: shape.reduce((a, b) => a * b, 1) },
      (_, i) => (((i + seed) * 37) % 101) / 8 - 6.3,
    ),
    shape,
  );
const images = (shape: number[], seed = 0): tf.Tensor4D => numbers(shape, seed) as tf.Tensor4D;

const depthwise = (
  shape: [number, number, number, number],
  [size, times]: [number, number],
  stride: number,
  pad: "same" | "valid" | number,
): tf.Tensor[] => {
  const x = images(shape);
  const filter = images([size, size, shape[3], times], 5);
  const y = tf.depthwiseConv2d(x, filter, stride, pad);
  const dy = images(y.shape, 3);
  const attributes = { strides: [stride, stride], pad, dilations: [1, 1] };
  const run = (name: string, inputs: object, shapes: object): tf.Tensor =>
    tf.engine().runKernel<tf.Tensor>(name, inputs as tf.NamedTensorMap, {
      ...attributes,
      ...shapes,
    });
  return [
    y,
    run(tf.DepthwiseConv2dNativeBackpropInput, { dy, filter }, { inputShape: shape }),
    run(tf.DepthwiseConv2dNativeBackpropFilter, { x, dy }, { filterShape: filter.shape }),
  ];
};

const cases: Record<string, () => tf.Tensor[]> = {
  "Concat along every axis": () =>
    [0, 1, 2, 3].map((axis) => {
      const shapes = [2, 5].map((size) => [3, 4, 2, 7].with(axis, size));
      return tf.concat(
        shapes.map((shape, i) => numbers(shape, i)),
        axis,
      );
    }),
  "Concat of int32": () => [tf.concat([tf.tensor1d([1, 2], "int32"), tf.tensor1d([3], "int32")])],
  "SplitV along every axis": () =>
    [0, 1, 2, 3].flatMap((axis) => tf.split(numbers([6, 6, 6, 6]), [1, 3, 2], axis)),
  "SplitV in equal parts": () => tf.split(numbers([2, 3, 3, 24]), 3, 3),
  "Pack along the first axis": () => [
    tf.stack([tf.scalar(3), tf.scalar(4)]),
    tf.stack([0, 1, 2].map((seed) => numbers([3, 5, 7], seed))),
    tf.stack([tf.tensor1d([1, 2], "int32"), tf.tensor1d([3, 4], "int32")]),
  ],
  "Slice of all ranks": () => [
    tf.slice(numbers([9]), [2], [5]),
    tf.slice(numbers([7, 9]), [1, 2], [5, 6]),
    tf.slice(numbers([4, 7, 9]), [1, 0, 3], [2, 7, -1]),
    tf.slice(numbers([3, 5, 6, 7]), [1, 1, 2, 3], [2, 3, 4, 1]),
    tf.slice(numbers([3, 5, 6, 7]), [0, 1], [3, 2]),
  ],
  PadV2: () => [
    tf.pad(numbers([5]), [[2, 3]], 4),
    tf.pad(
      numbers([2, 5, 6, 7]),
      [
        [0, 1],
        [1, 2],
        [2, 0],
        [3, 1],
      ],
      -1.5,
    ),
  ],
  AddN: () => [tf.addN([0, 1, 2, 3].map((seed) => numbers([3, 7, 5], seed)))],
  "Relu, Relu6, Sigmoid, Step": () => {
    const x = numbers([3, 5, 7]);
    return [tf.relu(x), tf.relu6(x), tf.sigmoid(x), tf.step(x), tf.step(x, -0.5)];
  },
  "Sub, RealDiv, Maximum, Multiply, Add: one shape, rows, one number": () => {
    const [a, row, one] = [numbers([2, 3, 5, 7]), numbers([1, 1, 7], 3), numbers([1], 9)];
    return [numbers([2, 3, 5, 7], 4), row, one].flatMap((b) => [
      tf.sub(a, b),
      tf.div(a, b),
      tf.maximum(a, b),
      tf.mul(a, b),
      tf.add(a, b),
      tf.mul(b, a),
      tf.add(b, a),
    ]);
  },
  "Sum over leading axes": () => [
    tf.sum(numbers([3, 40, 5, 7]), [0, 1, 2]),
    tf.sum(numbers([3, 40, 5, 7]), [0, 1], true),
    tf.sum(numbers([500, 9]), 0),
  ],
  "DepthwiseConv2dNative and gradients": () => [
    ...depthwise([2, 7, 6, 5], [3, 1], 1, "same"),
    ...depthwise([2, 8, 8, 33], [3, 2], 2, "same"),
    ...depthwise([1, 9, 11, 4], [5, 1], 1, "valid"),
    ...depthwise([1, 5, 5, 1], [3, 3], 1, 1),
  ],
};

async function runOn(backend: string, run: () => tf.Tensor[]): Promise<Float32Array[]> {
  await tf.setBackend(backend);
  const outputs = tf.tidy(run);
  return outputs.map((output) => {
    const values = output.dataSync() as Float32Array;
    output.dispose();
    return values;
  });
}

describe.each([1, 2])("fast standard kernels with %d threads", (threads) => {
  beforeAll(async () => void (await registerWasmBackend({ threads, fma: false })));
  afterAll(() => tf.removeBackend(backendName));

  test.each(Object.keys(cases))("%s: as on cpu, and not there", async (name) => {
    const expected = await runOn("cpu", cases[name]!);
    const actual = await runOn(backendName, cases[name]!);
    expect(actual.length).toBe(expected.length);
    for (const [i, values] of actual.entries()) {
      expect(values.length).toBe(expected[i]!.length);
      const largest = Math.max(1, ...Array.from(expected[i]!, Math.abs));
      for (const [j, value] of values.entries()) {
        expect(Math.abs(value - expected[i]![j]!) / largest, `${i}, ${j}`).toBeLessThan(1e-5);
      }
    }
    expect(detours().filter((kernel) => name.includes(kernel) && kernel !== "Sum")).toEqual([]);
  });

  test("slices outside are refused as anywhere", async () => {
    await tf.setBackend(backendName);
    expect(() => tf.tidy(() => tf.slice(numbers([4, 4]), [2, 2], [3, 1]))).toThrow("begin[0]");
  });
});

test("detouringKernels: what runs through tfjs-backend-cpu, and not what has a way of its own", () => {
  expect(detouringKernels()).toEqual(expect.arrayContaining(["Erf", "Transpose", "MaxPool"]));
  for (const own of [
    "Concat",
    "Pack",
    "SplitV",
    "Slice",
    "PadV2",
    "AddN",
    "Relu",
    "Step",
    "Identity",
  ]) {
    expect(detouringKernels()).not.toContain(own);
  }
});

test("a detour through tfjs-backend-cpu is told once, by name", async () => {
  await registerWasmBackend({ threads: 1 });
  await tf.setBackend(backendName);
  const told: string[] = [];
  const stop = onDetour((kernelName) => told.push(kernelName));
  tf.tidy(() => [tf.erf(numbers([3])), tf.erf(numbers([4])), tf.relu(numbers([3]))]);
  stop();
  tf.tidy(() => tf.cos(numbers([3])));
  expect(told).toEqual(["Erf"]);
  expect(detours().slice(-2)).toEqual(["Erf", "Cos"]);
  tf.removeBackend(backendName);
});
