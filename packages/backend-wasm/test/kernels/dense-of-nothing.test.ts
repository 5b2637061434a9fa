import { removeBackend, setBackend, tensor2d } from "@tensorflow/tfjs-core";
import { denseGradientOp, denseOp, runOp } from "@bn-only/frozen-layers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { backendName, registerWasmBackend } from "../../src/index.ts";

beforeAll(async () => {
  await registerWasmBackend();
  expect(await setBackend(backendName)).toBe(true);
  // What a tensor lies on afterwards is not zero.
  tensor2d(new Float32Array(4096).fill(7), [64, 64]).dispose();
});
afterAll(() => removeBackend(backendName));

test("no images: the gradients of the output layer are zero, and its output has no rows", async () => {
  const kernel = tensor2d(new Float32Array(300).fill(1), [15, 20]);
  const [input, outputGradient] = [tensor2d([], [0, 15]), tensor2d([], [0, 20])];
  const { output } = runOp(denseOp, { input, kernel }, {});
  expect(output.shape).toEqual([0, 20]);
  const wanted = { input: true, kernel: true, bias: true };
  const gradients = runOp(denseGradientOp, { input, kernel, outputGradient }, wanted);
  expect(gradients.inputGradient!.shape).toEqual([0, 15]);
  expect(new Set(await gradients.kernelGradient!.data())).toEqual(new Set([0]));
  expect(new Set(await gradients.biasGradient!.data())).toEqual(new Set([0]));
});
