import { add, memory, removeBackend, setBackend, type Tensor, tensor } from "@tensorflow/tfjs-core";
import {
  batchNormGradientOp,
  batchNormOp,
  conv2dInputGradientOp,
  conv2dOp,
  prepareFilterOp,
  prepareRotatedFilterOp,
  randomStream,
  runOp,
  sumOp,
} from "@bn-only/frozen-layers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { backendName, registerWasmBackend } from "../../src/index.ts";

// Values that are computed on the way of another kernel against the same ones looked at before.

function draw(name: string, shape: readonly number[], offset = 0): Tensor {
  const size = shape.reduce((product, dimension) => product * dimension, 1);
  const values = randomStream(0, name).normal(size);
  return tensor(
    Float32Array.from(values, (value) => value + offset),
    [...shape],
  );
}

/**
 * Runs `compute` without and with looking at what it marks and returns the largest difference,
 * relative where values are larger than 1.
 *
 * @throws Error when tensors or memory leak.
 */
function difference(compute: (look: (t: Tensor) => void) => Tensor[]): number {
  const counts = (): string => {
    const { numTensors, numDataBuffers, ...rest } = memory();
    return JSON.stringify({
      numTensors,
      numDataBuffers,
      bytes: Reflect.get(rest, "numBytesInUse"),
    });
  };
  const valuesOf = (look: (t: Tensor) => void): Float32Array[] => {
    const results = compute(look);
    const values = results.map((result) => result.dataSync() as Float32Array);
    results.forEach((result) => result.dispose());
    return values;
  };
  valuesOf(() => {}); // scratch memory grows once
  const before = counts();
  const later = valuesOf(() => {});
  const sooner = valuesOf((t) => void t.dataSync());
  if (counts() !== before) throw new Error(`${before} before, ${counts()} after`);
  let largest = 0;
  later.forEach((values, i) =>
    values.forEach((value, k) => {
      const other = sooner[i]![k]!;
      largest = Math.max(largest, Math.abs(value - other) / Math.max(1, Math.abs(other)));
    }),
  );
  return largest;
}

const geometries = [
  { size: 3, stride: 1, padding: 1, groups: 1, height: 13, width: 9, channels: 16, outputs: 32 },
  { size: 3, stride: 1, padding: 2, groups: 1, height: 8, width: 8, channels: 64, outputs: 16 },
  { size: 3, stride: 1, padding: 1, groups: 1, height: 2, width: 133, channels: 16, outputs: 16 },
  { size: 3, stride: 1, padding: 1, groups: 1, height: 7, width: 6, channels: 12, outputs: 20 },
  { size: 3, stride: 2, padding: 1, groups: 1, height: 9, width: 8, channels: 16, outputs: 32 },
  { size: 1, stride: 2, padding: 0, groups: 1, height: 8, width: 8, channels: 16, outputs: 48 },
  { size: 5, stride: 1, padding: 2, groups: 2, height: 6, width: 7, channels: 32, outputs: 16 },
  // Channels enough for BatchNorm to go through them row by row.
  { size: 1, stride: 1, padding: 0, groups: 1, height: 6, width: 7, channels: 144, outputs: 160 },
  { size: 3, stride: 1, padding: 1, groups: 1, height: 7, width: 6, channels: 160, outputs: 128 },
];

describe.each(geometries)(
  "$size x $size stride $stride, $height x $width, $channels to $outputs channels",
  ({ size, stride, padding, groups, height, width, channels, outputs }) => {
    const geometry = {
      filterShape: [size, size, channels / groups, outputs] as const,
      stride,
      padding,
      groups,
    };
    const inputShape = [3, height, width, channels];
    const out = (length: number): number => Math.floor((length + 2 * padding - size) / stride) + 1;
    const outputShape = [3, out(height), out(width), outputs];

    beforeAll(async () => {
      await registerWasmBackend({ threads: 2, fma: false });
      expect(await setBackend(backendName)).toBe(true);
    });
    afterAll(() => removeBackend(backendName));

    test.each([false, true])("convolution of a BatchNorm's output, ReLU %s", (relu) => {
      const error = difference((look) => {
        const inputs = {
          input: draw("x", inputShape, 0.5),
          gamma: draw("gamma", [channels]),
          beta: draw("beta", [channels]),
        };
        const filter = draw("w", geometry.filterShape);
        const { prepared } = runOp(prepareFilterOp, { filter }, geometry);
        const options = { epsilon: 1e-5, relu, momentum: 0 };
        const { output: input, mean, variance, kept } = runOp(batchNormOp, inputs, options);
        look(input);
        const { output } = runOp(conv2dOp, { input, prepared }, geometry);
        [...Object.values(inputs), filter, prepared, input].forEach((used) => used.dispose());
        return [output, mean, variance, kept!];
      });
      expect(error).toBe(0);
    });

    test("BatchNorm of a convolution's output: statistics", () => {
      const error = difference((look) => {
        const inputs = { input: draw("x", inputShape), filter: draw("w", geometry.filterShape) };
        const { prepared } = runOp(prepareFilterOp, { filter: inputs.filter }, geometry);
        const { output: input } = runOp(conv2dOp, { input: inputs.input, prepared }, geometry);
        look(input);
        const vectors = {
          gamma: draw("gamma", [outputs]),
          beta: draw("beta", [outputs]),
          runningMean: draw("running mean", [outputs]),
          runningVariance: draw("running variance", [outputs], 9),
        };
        const results = runOp(
          batchNormOp,
          { input, ...vectors },
          { epsilon: 1e-5, relu: true, momentum: 0.1 },
        );
        [...Object.values({ ...inputs, ...vectors }), prepared, input].forEach((used) =>
          used.dispose(),
        );
        return Object.values(results).filter((result) => result !== undefined);
      });
      // Other groups of pixels are added first.
      expect(error).toBeLessThan(1e-5);
    });

    test.each([
      ["no ReLU", false, false],
      ["ReLU", true, false],
      ["ReLU after a sum", true, true],
    ])("input gradient of a BatchNorm's input gradient, %s", (_name, relu, joined) => {
      const error = difference((look) => {
        const saved = {
          input: draw("x", outputShape, 0.5),
          gamma: draw("gamma", [outputs]),
          beta: draw("beta", [outputs]),
          mean: draw("mean", [outputs]),
          variance: draw("variance", [outputs], 9),
          ...(joined && { output: draw("y", outputShape) }),
        };
        const summands = [draw("a", outputShape), draw("b", outputShape)] as const;
        const outputGradient = runOp(sumOp, { a: summands[0], b: summands[1] }, {}).output;
        look(outputGradient);
        const { inputGradient, residualGradient, ...vectors } = runOp(
          batchNormGradientOp,
          { ...saved, outputGradient },
          { epsilon: 1e-5, relu, batchStatistics: true, inputGradient: true },
        );
        look(inputGradient!);
        const filter = draw("w", geometry.filterShape);
        const { prepared } = runOp(prepareRotatedFilterOp, { filter }, geometry);
        const results = runOp(
          conv2dInputGradientOp,
          { outputGradient: inputGradient!, prepared },
          { ...geometry, inputShape },
        );
        const inputs = [...Object.values(saved), inputGradient!, filter, prepared];
        inputs.forEach((used) => used.dispose());
        return [
          results.inputGradient,
          ...Object.values(vectors),
          ...(residualGradient ? [residualGradient] : []),
        ];
      });
      expect(error).toBe(0);
    });

    test.each([
      { what: "no ReLU", relu: false, joined: false, summed: false },
      { what: "ReLU", relu: true, joined: false, summed: false },
      { what: "ReLU, of a sum", relu: true, joined: false, summed: true },
      { what: "ReLU after a sum", relu: true, joined: true, summed: false },
      { what: "ReLU after a sum, of a sum", relu: true, joined: true, summed: true },
    ])("gradient of a BatchNorm before a convolution, $what", ({ relu, joined, summed }) => {
      for (const shared of [false, true]) {
        const error = difference((look) => {
          const filter = draw("w", geometry.filterShape);
          const { prepared } = runOp(prepareRotatedFilterOp, { filter }, geometry);
          const g = draw("g", outputShape);
          const convolved: Tensor = runOp(
            conv2dInputGradientOp,
            { outputGradient: g, prepared },
            { ...geometry, inputShape },
          ).inputGradient;
          const seen = shared ? [convolved.clone()] : [];
          look(convolved);
          const outputGradient: Tensor = summed
            ? runOp(sumOp, { a: convolved, b: draw("b", inputShape) }, {}).output
            : convolved;
          if (shared) seen.push(outputGradient.clone());
          look(outputGradient);
          const saved = {
            input: draw("x", inputShape, 0.5),
            gamma: draw("gamma", [channels]),
            beta: draw("beta", [channels]),
            mean: draw("mean", [channels]),
            variance: draw("variance", [channels], 9),
            ...(joined && { output: draw("y", inputShape) }),
          };
          const results = runOp(
            batchNormGradientOp,
            { ...saved, outputGradient },
            { epsilon: 1e-5, relu, batchStatistics: true, inputGradient: true },
          );
          [...Object.values(saved), g, filter, prepared].forEach((used) => used.dispose());
          return [...Object.values(results), ...seen].filter((result) => result !== undefined);
        });
        // Other groups of pixels are added first, in sums that cancel.
        expect(error).toBeLessThan(1e-4);
      }
    });
  },
);

test("a chain of thousands of sums holds two of them, not all", async () => {
  const backend = await registerWasmBackend({ threads: 1 });
  await setBackend(backendName);
  let total: Tensor = tensor([1, 2]);
  const before = backend.memory().numBytesInUse;
  for (let i = 0; i < 3000; i++) {
    const one = tensor([1, 1]);
    const next = add(total, one);
    [total, one].forEach((used) => used.dispose());
    total = next;
  }
  expect(backend.memory().numBytesInUse - before).toBeLessThan(1000);
  expect(Array.from(total.dataSync())).toEqual([3001, 3002]);
  total.dispose();
  removeBackend(backendName);
});
