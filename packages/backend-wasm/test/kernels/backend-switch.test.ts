import { removeBackend, setBackend, tensor } from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import { batchNorm, conv2d, globalAveragePool, Network, sequential } from "@bn-only/frozen-layers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { backendName, registerWasmBackend } from "../../src/index.ts";

beforeAll(() => registerWasmBackend({ threads: 1 }));
afterAll(() => removeBackend(backendName));

test.each([
  ["cpu", backendName],
  [backendName, "cpu"],
])("a network that ran on %s gives the same logits on %s", async (first, second) => {
  expect(await setBackend(first)).toBe(true);
  const network = new Network({
    name: "switch",
    layer: sequential({
      conv: conv2d({ inputChannels: 3, outputChannels: 8, padding: 1 }),
      bn: batchNorm(8, { affine: "none", activation: "relu" }),
      depthwise: conv2d({ inputChannels: 8, outputChannels: 8, groups: 8, stride: 2 }),
      pool: globalAveragePool(),
    }),
    inputShape: [7, 7, 3],
    classes: 8,
  });
  const images = Float32Array.from({ length: 2 * 7 * 7 * 3 }, (_, i) => ((i * 37) % 101) / 50 - 1);
  const logits = (): Float32Array => {
    const output = network.predict(tensor(images, [2, 7, 7, 3]));
    const values = output.dataSync<"float32">().slice();
    output.dispose();
    return values;
  };
  const before = logits();
  expect(await setBackend(second)).toBe(true);
  logits().forEach((value, i) => expect(value).toBeCloseTo(before[i]!, 5));
  network.dispose();
});
