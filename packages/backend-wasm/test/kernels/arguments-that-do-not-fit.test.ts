import { conv2dInputGradientOp, conv2dOp, prepareFilterOp, runOp } from "@bn-only/frozen-layers";
import { memory, setBackend, zeros } from "@tensorflow/tfjs-core";
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
  [filter, prepared, input, outputGradient].forEach((tensor) => tensor.dispose());
  expect(memory().numTensors).toBe(before);
});
