import { readFixture, relativeError } from "@bn-only/testing/fixture";
import { memory, setBackend, type Tensor, tensor, type Tensor1D } from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import "@tensorflow/tfjs-backend-wasm";
import { beforeAll, describe, expect, test } from "vitest";
import * as op from "../../src/index.ts";

const { runOp } = op;

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
    const { prepared } = runOp(op.prepareFilterOp, { filter: filter! }, geometry);
    const rotated = runOp(op.prepareRotatedFilterOp, { filter: filter! }, geometry).prepared;
    const gradients = { input: input!, outputGradient: outputGradient! };
    const outputs = {
      ...runOp(op.conv2dOp, { input: input!, prepared }, geometry),
      ...runOp(
        op.conv2dInputGradientOp,
        { outputGradient: outputGradient!, prepared: rotated },
        { ...geometry, inputShape: input!.shape },
      ),
      ...runOp(op.conv2dFilterGradientOp, gradients, geometry),
    };
    [prepared, rotated].forEach((used) => used.dispose());
    return outputs;
  },

  batchNorm(t, { epsilon, relu, momentum }) {
    const options = { epsilon: epsilon as number, relu: relu as boolean };
    const affine = { input: t["input"]!, gamma: t["gamma"]!, beta: t["beta"]! };
    const running = { mean: t["runningMean"]!, variance: t["runningVariance"]! };
    const residual = t["residual"];
    const result = runOp(
      op.batchNormOp,
      { ...affine, residual, runningMean: running.mean, runningVariance: running.variance },
      { ...options, momentum: momentum as number },
    );
    const { output, mean, variance } = result;
    const inference = runOp(
      op.batchNormInferenceOp,
      { ...affine, ...running, residual },
      options,
    ).output;
    const gradient = (statistics: typeof running, out: Tensor, batchStatistics: boolean) =>
      runOp(
        op.batchNormGradientOp,
        {
          ...affine,
          ...statistics,
          outputGradient: t["outputGradient"]!.clone(),
          output: residual ? out : undefined,
        },
        { ...options, batchStatistics, inputGradient: true },
      );
    const training = gradient({ mean, variance }, output, true);
    const constant = gradient(running, inference, false);
    constant.betaGradient.dispose();
    constant.residualGradient?.dispose();
    return {
      output,
      batchMean: mean,
      batchVariance: variance,
      updatedMean: result.runningMean,
      updatedVariance: result.runningVariance,
      inferenceOutput: inference,
      ...training,
      inferenceInputGradient: constant.inputGradient,
      inferenceGammaGradient: constant.gammaGradient,
    };
  },

  maxPool({ input, outputGradient }, attributes) {
    const geometry = poolGeometry(attributes);
    const { output } = runOp(op.maxPoolOp, { input: input! }, geometry);
    const inputs = { outputGradient: outputGradient!, input: input!, output };
    return { output, ...runOp(op.maxPoolGradientOp, inputs, geometry) };
  },

  averagePool({ input, outputGradient }, attributes) {
    const geometry = poolGeometry(attributes);
    const sized = { ...geometry, inputShape: input!.shape };
    return {
      ...runOp(op.averagePoolOp, { input: input! }, geometry),
      ...runOp(op.averagePoolGradientOp, { outputGradient: outputGradient! }, sized),
    };
  },

  globalAveragePool: ({ input, outputGradient }) => ({
    ...runOp(op.globalAveragePoolOp, { input: input! }, {}),
    ...runOp(
      op.globalAveragePoolGradientOp,
      { outputGradient: outputGradient! },
      { inputShape: input!.shape },
    ),
  }),

  dense({ input, kernel, bias, outputGradient }) {
    const inputs = { input: input!, kernel: kernel! };
    return {
      ...runOp(op.denseOp, { ...inputs, bias }, {}),
      ...runOp(
        op.denseGradientOp,
        { ...inputs, outputGradient: outputGradient! },
        { input: true, kernel: true, bias: true },
      ),
    };
  },

  softmaxCrossEntropy: ({ logits, labels }) => ({
    ...runOp(op.softmaxCrossEntropyOp, { logits: logits!, labels: labels! }, {}),
  }),

  sgd({ parameters, gradients }, attributes) {
    const options = { ...(attributes as unknown as op.SgdAttributes), nesterov: false };
    const [steps, size] = gradients!.shape as [number, number];
    const values = gradients!.dataSync();
    let state = {
      parameters: parameters!.clone() as Tensor1D,
      velocity: tensor(new Float32Array(size)) as Tensor1D,
    };
    for (let step = 0; step < steps; step++) {
      const gradient = tensor(values.slice(step * size, (step + 1) * size)) as Tensor1D;
      const next = runOp(op.sgdOp, { ...state, gradient }, options);
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

function poolGeometry({ window, stride, padding }: Case): op.PoolGeometry {
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
