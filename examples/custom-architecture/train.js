import { batchSource, synthetic } from "@bn-only/datasets";
import { createNetwork } from "@bn-only/resnet-zoo";
import { train, useBackend } from "@bn-only/trainer";
import { architectures } from "./index.js";

console.log((await useBackend("wasm")).description);
const data = synthetic({ trainSize: 600, testSize: 200, shape: [16, 16, 3] });
const network = createNetwork("conv-mixer-32-4", {
  architectures,
  seed: 0,
  inputShape: [16, 16, 3],
});

const result = await train({
  network,
  data: {
    train: batchSource(data.train, { augment: true, shuffle: true }),
    test: batchSource(data.test),
  },
  condition: "bn",
  epochs: 10,
  batchSize: 40,
});
console.log(JSON.stringify({ ...result, history: undefined }));
