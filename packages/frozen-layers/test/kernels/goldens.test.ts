import { readFixture, relativeError } from "@bn-only/testing/fixture";
import { memory, setBackend, type Tensor, tensor, type Tensor1D } from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import "@tensorflow/tfjs-backend-wasm";
import { beforeAll, describe, expect, test } from "vitest";
import { batchNorm, batchNormGradient, batchNormInference } from "../../src/ops/batch-norm.ts";
import {
  conv2d,
  conv2dFilterGradient,
  conv2dInputGradient,
  prepareFilter,
  prepareRotatedFilter,
} from "../../src/ops/conv2d.ts";
import { dense, denseGradient } from "../../src/ops/dense.ts";
import * as pool from "../../src/ops/pool.ts";
import { sgd } from "../../src/ops/sgd.ts";
import { softmaxCrossEntropy } from "../../src/ops/softmax-cross-entropy.ts";

// Written by PyTorch in float64, tools/goldens/op_goldens.py.
const fixture = readFixture(new URL("..", import.meta.url).href, "ops");

/** Relative to the Euclidean norm of each tensor. */
const TOLERANCE = 2e-6;
/** The mean is 100 standard deviations from zero: rounding it to float32 alone costs 3e-6 of one. */
const FAR_MEAN = 1e-5;

interface Case {
  readonly name: string;
  readonly op: string;
  readonly [attribute: string]: string | number | boolean;
}
const cases = JSON.parse(fixture.metadata["cases"]!) as Case[];

/** PyTorch's inputs of a case as tensors, by name. */
type Inputs = Readonly<Record<string, Tensor>>;
/** What an op gives, by the names that the fixture uses. */
type Outputs = Readonly<Record<string, Tensor | undefined>>;

const ops: Readonly<Record<string, (t: Inputs, attributes: Case) => Outputs>> = {
  conv2d({ input, filter, outputGradient }, attributes) {
    const { stride, padding, groups } = attributes as unknown as Record<string, number>;
    const filterShape = filter!.shape as [number, number, number, number];
    const geometry = { filterShape, stride: stride!, padding: padding!, groups: groups! };
    const prepared = prepareFilter(filter!, geometry);
    const rotated = prepareRotatedFilter(filter!, geometry);
    const outputs = {
      output: conv2d(input!, prepared),
      inputGradient: conv2dInputGradient(outputGradient!, rotated, input!.shape),
      filterGradient: conv2dFilterGradient(input!, outputGradient!, geometry),
    };
    [...prepared.tensors, ...rotated.tensors].forEach((used) => used.dispose());
    return outputs;
  },

  batchNorm(t, { epsilon, relu, momentum }) {
    const options = { epsilon: epsilon as number, relu: relu as boolean };
    const affine = { gamma: t["gamma"]!, beta: t["beta"]! };
    const running = { mean: t["runningMean"]!, variance: t["runningVariance"]! };
    const { input, outputGradient, residual } = t;
    const result = batchNorm(input!, affine, options, residual, {
      ...running,
      momentum: momentum as number,
    });
    const { output, mean, variance } = result;
    const inference = batchNormInference(input!, affine, running, options, residual);
    const gradient = (statistics: typeof running, out: Tensor, batchStatistics: boolean) =>
      batchNormGradient(
        outputGradient!.clone(),
        { input: input!, ...affine, ...statistics, ...(residual && { output: out }) },
        { ...options, batchStatistics, inputGradient: true },
      );
    const training = gradient({ mean, variance }, output, true);
    const constant = gradient(running, inference, false);
    constant.beta.dispose();
    constant.residual?.dispose();
    return {
      output,
      batchMean: mean,
      batchVariance: variance,
      updatedMean: result.running?.mean,
      updatedVariance: result.running?.variance,
      inferenceOutput: inference,
      inputGradient: training.input,
      gammaGradient: training.gamma,
      betaGradient: training.beta,
      residualGradient: training.residual,
      inferenceInputGradient: constant.input,
      inferenceGammaGradient: constant.gamma,
    };
  },

  maxPool({ input, outputGradient }, attributes) {
    const geometry = poolGeometry(attributes);
    const output = pool.maxPool(input!, geometry);
    const inputGradient = pool.maxPoolGradient(outputGradient!, input!, output, geometry);
    return { output, inputGradient };
  },

  averagePool: ({ input, outputGradient }, attributes) => ({
    output: pool.averagePool(input!, poolGeometry(attributes)),
    inputGradient: pool.averagePoolGradient(
      outputGradient!,
      input!.shape,
      poolGeometry(attributes),
    ),
  }),

  globalAveragePool: ({ input, outputGradient }) => ({
    output: pool.globalAveragePool(input!),
    inputGradient: pool.globalAveragePoolGradient(outputGradient!, input!.shape),
  }),

  dense({ input, kernel, bias, outputGradient }) {
    const wanted = { input: true, kernel: true, bias: true };
    const gradients = denseGradient(outputGradient!, kernel!, input, wanted);
    return {
      output: dense(input!, kernel!, bias),
      inputGradient: gradients.input,
      kernelGradient: gradients.kernel,
      biasGradient: gradients.bias,
    };
  },

  softmaxCrossEntropy: ({ logits, labels }) => ({ ...softmaxCrossEntropy(logits!, labels!) }),

  sgd({ parameters, gradients }, attributes) {
    const options = attributes as unknown as Parameters<typeof sgd>[2];
    const [steps, size] = gradients!.shape as [number, number];
    const values = gradients!.dataSync();
    let state = {
      parameters: parameters!.clone() as Tensor1D,
      velocity: tensor(new Float32Array(size)) as Tensor1D,
    };
    for (let step = 0; step < steps; step++) {
      const gradient = tensor(values.slice(step * size, (step + 1) * size)) as Tensor1D;
      const next = sgd(state, gradient, options);
      [gradient, state.parameters, state.velocity].forEach((used) => used.dispose());
      state = next;
    }
    return { updated: state.parameters, velocity: state.velocity };
  },
};

function tensorsOf(name: string): Inputs {
  const entries = fixture.names(`${name}/`).map((part) => {
    const path = `${name}/${part}`;
    const values = fixture.values(path);
    const dtype = values instanceof Int32Array ? "int32" : "float32";
    return [part, tensor(values, fixture.shape(path), dtype)] as const;
  });
  return Object.fromEntries(entries);
}

function poolGeometry({ window, stride, padding }: Case): pool.PoolGeometry {
  return { size: window as number, stride: stride as number, padding: padding as number };
}

describe.each(["cpu", "wasm"])("PyTorch agrees on every op on %s", (backend) => {
  beforeAll(async () => expect(await setBackend(backend)).toBe(true));

  test.each(cases)("$name", (item) => {
    const before = memory().numTensors;
    const inputs = tensorsOf(item.name);
    const outputs = Object.entries(ops[item.op]!(inputs, item)).filter(([, output]) => output);
    expect(outputs.length).toBeGreaterThan(0);
    for (const [name, output] of outputs) {
      // The fixture has scalars as vectors of one number.
      const { shape } = inputs[name]!;
      expect(output!.rank === 0 ? [1] : output!.shape, name).toEqual(shape);
      const error = relativeError(output!.dataSync(), inputs[name]!.dataSync());
      expect(error, name).toBeLessThan(item.name === "batch-norm-far-mean" ? FAR_MEAN : TOLERANCE);
    }
    [...Object.values(inputs), ...outputs.map(([, output]) => output!)].forEach((used) =>
      used.dispose(),
    );
    expect(memory().numTensors).toBe(before);
  });
});
