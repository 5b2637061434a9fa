import { tensor } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { evaluate, useBackend } from "../../src/index.ts";
import { firstBatch, inputShape, tinyData, tinyNetwork } from "../support/tiny.ts";

test("loss, accuracy and classes are those of wasm, in several batches of unlike sizes", async () => {
  const { test: images } = tinyData(10, 70);
  const on = async (backend: "webgpu" | "wasm") => {
    await useBackend(backend);
    const network = tinyNetwork();
    const result = await evaluate(network, images, { batchSize: 32 });
    network.dispose();
    return result;
  };
  const [here, there] = [await on("webgpu"), await on("wasm")];
  expect(new Set(there.predictions).size).toBeGreaterThan(1);
  expect(here.predictions).toEqual(there.predictions);
  expect(here.accuracy).toBe(there.accuracy);
  expect(here.loss).toBeCloseTo(there.loss, 4);
});

test("int32 images give the logits of float32 ones", async () => {
  await useBackend("webgpu");
  const network = tinyNetwork();
  const pixels = firstBatch(tinyData().train, 4).images.map((value) => Math.round(20 * value));
  const logits = await Promise.all(
    (["int32", "float32"] as const).map(async (type) => {
      const output = network.predict(tensor(pixels, [4, ...inputShape], type));
      const values = await output.data();
      output.dispose();
      return values;
    }),
  );
  expect(logits[0]).toEqual(logits[1]);
  network.dispose();
});
