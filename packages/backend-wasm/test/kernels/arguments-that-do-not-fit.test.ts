import {
  batchNormGradientOp,
  conv2dInputGradientOp,
  conv2dOp,
  prepareFilterOp,
  runOp,
} from "@bn-only/frozen-layers";
import { memory, ones, setBackend, type Tensor, tensor, zeros } from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { registerWasmBackend, type WasmTrainingBackend } from "../../src/index.ts";

let backend: WasmTrainingBackend;
beforeAll(async () => {
  backend = await registerWasmBackend({ threads: 1 });
  await setBackend("bn-wasm");
});
afterAll(() => backend.dispose());

test("a filter that was prepared for another convolution is refused, not read past its end", () => {
  const before = memory().numTensors;
  const geometry = { filterShape: [3, 3, 4, 8], stride: 1, padding: 1, groups: 1 } as const;
  const larger = { ...geometry, filterShape: [3, 3, 4, 512] } as const;
  const filter = zeros([3, 3, 4, 8]);
  const { prepared } = runOp(prepareFilterOp, { filter }, geometry);
  const [input, outputGradient] = [zeros([1, 8, 8, 4]), zeros([1, 8, 8, 512])];
  const message =
    /: expected a filter that was prepared for \[3,3,4,512\], \[\d+\] here, got \[\d+\]\. Prepare it on this backend\.$/;
  expect(() => runOp(conv2dOp, { input, prepared }, larger)).toThrow(message);
  const gradient = { ...larger, inputShape: [1, 8, 8, 4] } as const;
  expect(() => runOp(conv2dInputGradientOp, { outputGradient, prepared }, gradient)).toThrow(
    message,
  );
  [filter, prepared, input, outputGradient].forEach((used) => used.dispose());
  expect(memory().numTensors).toBe(before);
});

test("what another backend kept of a BatchNorm is not taken for one's own", async () => {
  const input = tensor(
    Float32Array.from({ length: 64 }, (_, i) => Math.sin(i)),
    [1, 2, 2, 16],
  );
  const affine = { gamma: ones([16]), beta: zeros([16]), mean: zeros([16]), variance: ones([16]) };
  const options = { epsilon: 1e-5, relu: false, batchStatistics: true, inputGradient: false };
  const gradientWith = (kept: Tensor | undefined): number[] => {
    const inputs = { outputGradient: input.clone(), input, kept, ...affine } as never;
    const { gammaGradient, betaGradient } = runOp(batchNormGradientOp, inputs, options);
    const values = Array.from(gammaGradient.dataSync());
    [gammaGradient, betaGradient, kept].forEach((used) => used?.dispose());
    return values;
  };
  expect(gradientWith(ones([1, 2, 2, 16]))).toEqual(gradientWith(undefined));
  [input, ...Object.values(affine)].forEach((used) => used.dispose());
});
