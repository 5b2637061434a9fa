import {
  activationGradientOp,
  activationOp,
  batchNormInferenceOp,
  conv2dFilterGradientOp,
  maxPoolOp,
  runOp,
  scalarIndices,
  scatterScalarsOp,
} from "@bn-only/frozen-layers";
import {
  memory,
  ones,
  type Tensor,
  tensor,
  tensor1d,
  tensor4d,
  tidy,
  zeros,
} from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import { useBackend } from "../src/index.ts";

// Numbers at the end of what float32 can say: a network that has diverged must not look sound. The kernels of tfjs-backend-wasm
// lose NaN, and nobody trains on them.

const backends = process.env["BN_ONLY_TEST_BACKENDS"]?.split(",") ?? ["cpu", "wasm"];

describe.each(backends)("on %s", (name) => {
  beforeAll(async () => void (await useBackend(name)));

  const valuesOf = async (compute: () => Tensor): Promise<number[]> => {
    const before = memory().numTensors;
    const result = tidy(compute);
    const values = Array.from(await result.data());
    result.dispose();
    expect(memory().numTensors).toBe(before);
    return values;
  };

  test.each(["relu", "relu6"] as const)("%s keeps NaN", async (kind) => {
    const input = (): Tensor => tensor1d([Number.NaN, -1, 2, -Infinity, Number.NaN]);
    const values = await valuesOf(() => runOp(activationOp, { input: input() }, { kind }).output);
    expect(values).toEqual([Number.NaN, 0, 2, 0, Number.NaN]);
  });

  test("max pooling keeps NaN, wherever it lies in the window, and −∞", async () => {
    const none = Number.NEGATIVE_INFINITY;
    const rows = [Number.NaN, 1, 1, 2, none, none, 3, 4, 1, Number.NaN, none, none];
    const values = await valuesOf(() => {
      const input = tensor4d(rows, [1, 2, 6, 1]);
      return runOp(maxPoolOp, { input }, { size: 2, stride: 2, padding: 0 }).output;
    });
    expect(values).toEqual([Number.NaN, Number.NaN, none]);
  });

  test("BatchNorm with ReLU keeps NaN", async () => {
    const values = await valuesOf(() => {
      const affine = {
        gamma: tensor1d([Number.NaN, 1]),
        beta: zeros([2]),
        mean: zeros([2]),
        variance: ones([2]),
      };
      const inputs = { input: ones([1, 1, 2, 2]), ...affine } as never;
      return runOp(batchNormInferenceOp, inputs, { epsilon: 1e-5, relu: true }).output;
    });
    expect(values.map((value) => Number.isNaN(value))).toEqual([true, false, true, false]);
  });

  test("ReLU's gradient passes an infinite output, and stops an infinite gradient at zero", async () => {
    const values = await valuesOf(() => {
      const inputs = {
        output: tensor1d([Infinity, 0, 1]),
        outputGradient: tensor1d([2, Infinity, 3]),
      };
      return runOp(activationGradientOp, inputs, { kind: "relu" }).inputGradient;
    });
    expect(values).toEqual([2, 0, 3]);
  });

  test("scattered numbers replace infinities and keep the rest to the bit", async () => {
    const values = await valuesOf(() => {
      const indices = scalarIndices(Int32Array.of(0), 3);
      const inputs = { values: tensor1d([Infinity, -0, 3]), indices, updates: tensor1d([7]) };
      return runOp(scatterScalarsOp, inputs, {}).output;
    });
    expect(values).toEqual([7, -0, 3]);
  });

  test.each([
    [[1, 1, 4, 8], 1],
    [[3, 3, 1, 4], 4],
    [[3, 3, 4, 8], 1],
  ] as const)("filter gradient %j of no images is zero", async (filterShape, groups) => {
    const padding = (filterShape[0] - 1) / 2;
    const values = await valuesOf(() => {
      const input = tensor([], [0, 5, 5, 4]);
      const outputGradient = tensor([], [0, 5, 5, filterShape[3]]);
      const geometry = { filterShape, stride: 1, padding, groups };
      return runOp(conv2dFilterGradientOp, { input, outputGradient } as never, geometry)
        .filterGradient;
    });
    expect(values.every((value) => value === 0)).toBe(true);
  });
});
