// Writes a small trained network of a name, and its logits, into a folder.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { batchSource, synthetic } from "@bn-only/datasets";
import { createNetwork } from "@bn-only/resnet-zoo";
import { saveModel, train, useBackend } from "@bn-only/trainer";
import { linspace, reshape } from "@tensorflow/tfjs-core";

const [name, folder] = process.argv.slice(2);
await useBackend("wasm");
const inputShape = [32, 32, 3];
const network = createNetwork(name, { seed: 3, classes: 5, inputShape });
const data = synthetic({ trainSize: 16, testSize: 1, shape: inputShape, classes: 5, seed: 1 });
await train({
  network,
  data: { train: batchSource(data.train) },
  condition: "bn+head",
  epochs: 2,
  batchSize: 8,
});
writeFileSync(join(folder, "model.safetensors"), await saveModel(network));
const images = reshape(linspace(-1, 1, 2 * 32 * 32 * 3), [2, 32, 32, 3]);
const logits = await network.predict(images).array();
writeFileSync(join(folder, "logits.json"), JSON.stringify(logits));
process.exit(0);
