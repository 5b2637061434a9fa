// Writes an imagenet-resnet-50 for 32x32 images with BatchNorm as it is drawn, and its logits, into a folder.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createNetwork } from "@bn-only/resnet-zoo";
import { saveModel, useBackend } from "@bn-only/trainer";
import { linspace, reshape } from "@tensorflow/tfjs-core";

const [folder] = process.argv.slice(2);
await useBackend("wasm");
const inputShape = [32, 32, 3];
const network = createNetwork("imagenet-resnet-50", { seed: 3, classes: 5, inputShape });
writeFileSync(join(folder, "model.safetensors"), await saveModel(network));
const images = reshape(linspace(-1, 1, 2 * 32 * 32 * 3), [2, 32, 32, 3]);
const logits = await network.predict(images).array();
writeFileSync(join(folder, "logits.json"), JSON.stringify(logits));
process.exit(0);
