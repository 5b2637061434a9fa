import { writeFile } from "node:fs/promises";
import { batchSource, synthetic } from "@bn-only/datasets";
import { createNetwork } from "@bn-only/resnet-zoo";
import { saveModel, train, useBackend } from "@bn-only/trainer";

console.log((await useBackend("auto")).description);
const data = synthetic({ trainSize: 500, testSize: 200 }); // real images: await cifar10()
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

await writeFile("model.safetensors", await saveModel(network));
console.log(`trained ${result.trainableParameters} of ${result.totalParameters} parameters`);
