// The README's quickstart and what else a strict project writes; compiled, never run.

import { batchSource, type ImageDataset, measureNormalization, synthetic } from "@bn-only/datasets";
import { architectures, createNetwork } from "@bn-only/resnet-zoo";
import { loadModel, saveModel, train, useBackend } from "@bn-only/trainer";

console.log((await useBackend("auto")).description);
const data = synthetic({ trainSize: 500, testSize: 200 });
const network = createNetwork("cifar-resnet-8", { seed: 0 });

const result = await train({
  network,
  data: {
    train: batchSource(data.train, { augment: true, shuffle: true }),
    test: batchSource(data.test),
  },
  condition: "bn",
  epochs: 4,
  batchSize: 32,
  callbacks: [(event) => event.event === "epoch" && console.log(event.testAccuracy)],
});
console.log(result.trainableParameters);

const { mean, std } = measureNormalization(data.train);
const model: Uint8Array = await saveModel(network, { mean: mean.join(), std: std.join() });
const { network: loaded } = await loadModel(model, { architectures: architectures() });
console.log(loaded.name);

/** More classes than bytes can number. */
export const many: ImageDataset = {
  name: "many",
  images: new Uint8Array(300),
  labels: Uint16Array.from({ length: 300 }, (_, i) => i),
  shape: [1, 1, 1],
  classes: Array.from({ length: 300 }, (_, i) => `class ${i}`),
};
