// What every consumer runs: the packages as a user has them, training for real.

import { batchSource, synthetic } from "@bn-only/datasets";
import { createNetwork } from "@bn-only/resnet-zoo";
import { saveModel, train, useBackend } from "@bn-only/trainer";

/** Two epochs of a small network. Without fused multiply-add the model is the same in every engine. */
export async function trainSmall(threads = 2) {
  const { description } = await useBackend("wasm", { threads, fma: false });
  const data = synthetic({ trainSize: 128, testSize: 64, classes: 4 });
  const network = createNetwork("cifar-resnet-8", { seed: 0, classes: 4 });
  const result = await train({
    network,
    data: { train: batchSource(data.train, { shuffle: true }), test: batchSource(data.test) },
    condition: "bn",
    epochs: 2,
    batchSize: 32,
  });
  const model = await saveModel(network);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", model));
  const hash = Array.from(digest.subarray(0, 6), (byte) => byte.toString(16).padStart(2, "0"));
  return { hash: hash.join(""), accuracy: result.testAccuracy, description };
}
