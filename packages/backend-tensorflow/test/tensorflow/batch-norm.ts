import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import {
  backend,
  engine,
  fill,
  type NamedAttrMap,
  type NamedTensorMap,
  ones,
  setBackend,
  type Tensor,
  tensor,
  tensor1d,
  zeros,
} from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { backendName, registerTensorflowBackend, type TensorflowBackend } from "../../src/index.ts";

// Of the BatchNorm that is compiled into the addon, what conformance does not ask.

const run = (name: string, inputs: NamedTensorMap, attributes: NamedAttrMap): Tensor[] =>
  engine().runKernel<Tensor[]>(name, inputs, attributes);

beforeAll(async () => {
  registerTensorflowBackend();
  await setBackend(backendName);
});

test("the number of threads changes no bit", async () => {
  const script = fileURLToPath(new URL("batch-norm-digest.js", import.meta.url));
  const digests = await Promise.all(
    ["1", "2", "3", "8"].map(async (threads) => {
      const env = { ...process.env, TF_NUM_INTRAOP_THREADS: threads };
      const { stdout, stderr } = await promisify(execFile)(process.execPath, [script], { env });
      // TensorFlow's own log stays out of it.
      expect(stderr).toBe("");
      return stdout;
    }),
  );
  expect(digests[0]).toMatch(/^[0-9a-f]{64}\n$/);
  expect(new Set(digests).size).toBe(1);
});

test("an output gradient that somebody else holds is not written over", async () => {
  const shape = [2, 2, 2, 2];
  const affine = { gamma: ones([2]), beta: zeros([2]) };
  const input = tensor([...Array(16).keys()].map(Math.sin), shape);
  const attributes = { epsilon: 1e-5, relu: true };
  const [output, mean, variance] = run(
    "BnOnlyBatchNorm",
    { input, ...affine },
    { ...attributes, momentum: 0 },
  ) as [Tensor, Tensor, Tensor];
  const outputGradient = fill(shape, 3);
  const held = outputGradient.clone();
  const [, , residual] = run(
    "BnOnlyBatchNormGradient",
    { outputGradient, input, ...affine, mean, variance, output },
    { ...attributes, batchStatistics: true, inputGradient: false },
  );
  const passed = [...(await output.data())].map((value) => (value > 0 ? 3 : 0));
  expect([...(await residual!.data())]).toEqual(passed);
  expect([...(await held.data())]).toEqual(Array(16).fill(3));
});

test("NaN and infinity in the input reach the output through ReLU", async () => {
  for (const value of [NaN, Infinity]) {
    const input = tensor([value, 1, -1, 2], [1, 2, 2, 1]);
    const inputs = { input, gamma: ones([1]), beta: zeros([1]) };
    const [output] = run("BnOnlyBatchNorm", inputs, { epsilon: 1e-5, relu: true, momentum: 0 });
    expect([...(await output!.data())]).toEqual([NaN, NaN, NaN, NaN]);
  }
});

test("inputs whose sizes do not fit are an error, not a read beyond their ends", () => {
  const tensorflow = backend() as unknown as TensorflowBackend;
  const { TF_ATTR_BOOL, TF_ATTR_FLOAT } = tensorflow.binding;
  const two = tensor1d([1, 1]);
  const infer = (gamma: number[]) =>
    tensorflow.executeSingleOutput(
      "BnOnlyBatchNormInference",
      [
        { name: "epsilon", type: TF_ATTR_FLOAT, value: 1e-5 },
        { name: "relu", type: TF_ATTR_BOOL, value: false },
        { name: "joined", type: TF_ATTR_BOOL, value: false },
      ],
      [ones([1, 2, 2, 2]), tensor1d(gamma), two, two, two, two],
    );
  expect(infer([1, 1]).shape).toEqual([1, 2, 2, 2]);
  expect(() => infer([1, 1, 1])).toThrow("input 1 has 3 elements instead of 2");
});
