import {
  biasGradientOp,
  conv2dFilterGradientOp,
  conv2dInputGradientOp,
  conv2dOp,
  multiplyChannelsGradientOp,
  prepareFilterOp,
  prepareRotatedFilterOp,
  randomStream,
  runOp,
} from "@bn-only/frozen-layers";
import { removeBackend, setBackend, type Tensor, tensor } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { backendName, registerWasmBackend } from "../../src/index.ts";

const draw = (name: string, shape: number[]): Tensor => {
  const size = shape.reduce((product, length) => product * length, 1);
  return tensor(Float32Array.from(randomStream(0, name).normal(size)), shape);
};

/** Kernels that sum, on shapes that give many chunks, with so many threads. */
async function results(threads: number): Promise<Record<string, Float32Array>> {
  await registerWasmBackend({ threads });
  await setBackend(backendName);
  const outputs: Record<string, Tensor> = {};
  for (const [stride, kernel, outputs1] of [
    [1, 3, 36],
    [2, 5, 36],
    [1, 3, 72],
  ] as const) {
    const geometry = {
      filterShape: [kernel, kernel, 1, outputs1] as const,
      stride,
      padding: (kernel - 1) / 2,
      groups: 36,
    };
    const inputShape = [37, 19, 23, 36];
    const [input, filter] = [draw("input", inputShape), draw("filter", [...geometry.filterShape])];
    const { prepared } = runOp(prepareFilterOp, { filter }, geometry);
    const { prepared: rotated } = runOp(prepareRotatedFilterOp, { filter }, geometry);
    const { output } = runOp(conv2dOp, { input, prepared }, geometry);
    const name = `depthwise ${kernel}x${kernel} stride ${stride} to ${outputs1}`;
    outputs[name] = output;
    const inputs = { outputGradient: output, prepared: rotated };
    const attributes = { ...geometry, inputShape };
    outputs[`${name}, input`] = runOp(conv2dInputGradientOp, inputs, attributes).inputGradient;
    const pair = { input, outputGradient: output };
    outputs[`${name}, filter`] = runOp(conv2dFilterGradientOp, pair, geometry).filterGradient;
  }
  const [x, gate] = [draw("x", [37, 19, 23, 21]), draw("gate", [37, 21])];
  outputs["bias"] = runOp(biasGradientOp, { outputGradient: x }, {}).biasGradient;
  const gated = runOp(multiplyChannelsGradientOp, { input: x, gate, outputGradient: x }, {});
  outputs["gate"] = gated.gateGradient;
  const values = Object.entries(outputs).map(
    ([name, output]) => [name, output.dataSync() as Float32Array] as const,
  );
  removeBackend(backendName);
  return Object.fromEntries(values);
}

test("sums have the same bits with any number of threads", async () => {
  const expected = await results(1);
  for (const threads of [2, 5]) {
    const actual = await results(threads);
    for (const [name, values] of Object.entries(expected)) {
      expect(Buffer.from(actual[name]!.buffer).equals(Buffer.from(values.buffer)), name).toBe(true);
    }
  }
});
