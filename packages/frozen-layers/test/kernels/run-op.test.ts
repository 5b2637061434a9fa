import {
  getBackend,
  memory,
  ones,
  registerKernel,
  type Tensor,
  tensor1d,
  tensor2d,
  type TensorInfo,
  unregisterKernel,
} from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { conformanceCases } from "../../src/conformance/index.ts";
import {
  defineOp,
  FrozenLayersError,
  globalAveragePoolOp,
  type Op,
  registerOpKernel,
  runOp,
  softmaxCrossEntropyOp,
  sumOp,
} from "../../src/index.ts";
import { useCpu } from "../support/tiny.ts";

beforeAll(useCpu);

interface Memory {
  makeTensorInfo(shape: number[], dtype: "float32", values: Float32Array): TensorInfo;
  data: { get(dataId: object): { values: Float32Array } };
}

test("a kernel that tfjs's registerKernel registered under an op's name is refused", () => {
  const kernelFunc = ({ backend }: { backend: unknown }): TensorInfo =>
    (backend as Memory).makeTensorInfo([1], "float32", Float32Array.of(7));
  registerKernel({ kernelName: sumOp.name, backendName: "cpu", kernelFunc });
  try {
    runOp(globalAveragePoolOp, { input: ones([1, 2, 2, 3]) }, {}).output.dispose();
    const inputs = { a: ones([1]), b: ones([1]) };
    const before = memory().numTensors;
    expect(() => runOp(sumOp, inputs, {})).toThrow(FrozenLayersError);
    expect(() => runOp(sumOp, inputs, {})).toThrow(/"BnOnlySum".*registerOpKernel/);
    expect(memory().numTensors).toBe(before);
  } finally {
    unregisterKernel(sumOp.name, "cpu");
  }
});

test("an op without kernel and definition: the error names it", () => {
  const op: Op<{ readonly input: Tensor }, object, { readonly output: Tensor }> = defineOp({
    name: "BnOnlyNowhere",
  });
  expect(() => runOp(op, { input: ones([1]) }, {})).toThrow(FrozenLayersError);
  expect(() => runOp(op, { input: ones([1]) }, {})).toThrow(
    'runOp: the op "BnOnlyNowhere" has no definition, and the backend "cpu" no kernel of it.',
  );
});

test("conformance: a kernel that writes over a borrowed input fails its case", async () => {
  const item = conformanceCases().find(({ op }) => op.name === globalAveragePoolOp.name)!;
  await item.run();
  registerOpKernel(globalAveragePoolOp, getBackend(), ({ input }, _attributes, backend) => {
    const cpu = backend as unknown as Memory;
    cpu.data.get(input.dataId).values[0]! += 1;
    const [batch, , , channels] = input.shape as [number, number, number, number];
    const values = new Float32Array(batch * channels);
    return { output: cpu.makeTensorInfo([batch, channels], "float32", values) };
  });
  try {
    const before = memory().numTensors;
    await expect(item.run()).rejects.toThrow(
      /^globalAveragePool, .*: input 0 has other numbers after the run/,
    );
    expect(memory().numTensors).toBe(before);
  } finally {
    unregisterKernel(globalAveragePoolOp.name, getBackend());
  }
});

test.each<[string, (shape: number[]) => number[], RegExp]>([
  ["throws", () => [], /^the kernel broke$/],
  ["gives another shape", ([batch, , , channels]) => [channels!, batch!], /output 0 has shape/],
])("conformance: a kernel that %s leaves no tensor", async (_, shapeOf, message) => {
  const item = conformanceCases().find(({ op }) => op.name === globalAveragePoolOp.name)!;
  await item.run();
  registerOpKernel(globalAveragePoolOp, getBackend(), ({ input }, _attributes, backend) => {
    const shape = shapeOf(input.shape);
    if (shape.length === 0) throw new Error("the kernel broke");
    const values = new Float32Array(shape.reduce((size, length) => size * length, 1));
    return { output: (backend as unknown as Memory).makeTensorInfo(shape, "float32", values) };
  });
  try {
    const before = memory().numTensors;
    await expect(item.run()).rejects.toThrow(message);
    expect(memory().numTensors).toBe(before);
  } finally {
    unregisterKernel(globalAveragePoolOp.name, getBackend());
  }
});

test("conformance: a case that fails says so by an error of ours", async () => {
  const item = conformanceCases().find(({ op }) => op.name === sumOp.name)!;
  await expect(item.run([{ ...sumOp, name: "BnOnlyNowhere" }, sumOp])).rejects.toThrow(
    FrozenLayersError,
  );
});

test("softmaxCrossEntropy of one class: it is certain, as in PyTorch", () => {
  const [logits, labels] = [tensor2d([2, -3], [2, 1]), tensor1d([0, 0], "int32")];
  const { loss, correct, gradient } = runOp(softmaxCrossEntropyOp, { logits, labels }, {});
  expect(Math.abs(loss.dataSync()[0]!)).toBe(0);
  expect(correct.dataSync()[0]).toBe(2);
  expect([...gradient.dataSync()].map(Math.abs)).toEqual([0, 0]);
});
