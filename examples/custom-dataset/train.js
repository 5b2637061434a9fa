import { batchSource, cropWithPadding, horizontalFlip, loadDataset } from "@bn-only/datasets";
import { createNetwork } from "@bn-only/resnet-zoo";
import { train, useBackend } from "@bn-only/trainer";
import { datasets } from "./index.js";

console.log((await useBackend("wasm")).description);
const data = await loadDataset("shapes", { datasets });
const network = createNetwork("cifar-resnet-8", {
  seed: 0,
  inputShape: data.train.shape,
  classes: data.train.classes.length,
});

const result = await train({
  network,
  data: {
    train: batchSource(data.train, {
      transforms: [horizontalFlip(), cropWithPadding({ padding: 1 })],
      shuffle: true,
    }),
    test: batchSource(data.test),
  },
  condition: "bn",
  epochs: 6,
  batchSize: 30,
});

console.log(`${data.train.classes.join(", ")}: test accuracy ${result.testAccuracy}`);
