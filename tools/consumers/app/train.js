// What every consumer runs: the packages as a user has them, training for real.

import { batchSource, synthetic } from "@bn-only/datasets";
import { createNetwork } from "@bn-only/resnet-zoo";
import { saveModel, train, useBackend } from "@bn-only/trainer";

/** The options of two epochs of a small network, after the backend is there. */
export async function prepare({ threads = 2 } = {}) {
  // Without fused multiply-add the model is the same in every engine.
  const { description } = await useBackend("wasm", { threads, fma: false });
  const data = synthetic({ trainSize: 128, testSize: 64, classes: 4 });
  const network = createNetwork("cifar-resnet-8", { seed: 0, classes: 4 });
  const options = {
    network,
    data: { train: batchSource(data.train, { shuffle: true }), test: batchSource(data.test) },
    condition: "bn",
    epochs: 2,
    batchSize: 32,
  };
  return { options, description };
}

export async function trainSmall() {
  const { options, description } = await prepare();
  const { testAccuracy } = await train(options);
  const model = await saveModel(options.network);
  return { hash: await hashOf(model), accuracy: testAccuracy, description };
}

export async function hashOf(model) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", model));
  const hash = Array.from(digest.subarray(0, 6), (byte) => byte.toString(16).padStart(2, "0"));
  return hash.join("");
}
