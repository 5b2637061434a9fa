import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { createNetwork } from "@bn-only/resnet-zoo";
import { conditionSelector, initializeSgd, trainingStep, useBackend } from "@bn-only/trainer";
import { tensor1d, tensor4d, version_core as tfjsVersion } from "@tensorflow/tfjs-core";
// Registers the gradients that the tape needs; tfjs-core alone has none.
import "@tensorflow/tfjs-layers";
import { PeakBytes } from "./peak-bytes.ts";
import { TapeNetwork } from "./tape-network.ts";

// Our training step against plain tfjs-core with the gradient tape: same network, same weights, same
// batch, same backend, steps taken in turn.

const { values } = parseArgs({
  options: {
    depth: { type: "string", default: "14" },
    "batch-size": { type: "string", default: "128" },
    steps: { type: "string", default: "5" },
    backend: { type: "string", default: "tfjs-wasm" },
  },
});
const depth = Number(values.depth);
const batchSize = Number(values["batch-size"]);

await useBackend(values.backend as "tfjs-wasm");
const network = createNetwork(`cifar-resnet-${depth}`, { seed: 0 });
network.setTrainable(conditionSelector("bn"));
const tape = new TapeNetwork(network, (depth - 2) / 6);
const state = { sgd: initializeSgd(network.trainable) };

const images = Float32Array.from({ length: batchSize * 3072 }, () => Math.random() * 2 - 1);
const labels = Int32Array.from({ length: batchSize }, (_, i) => i % 10);
const options = { learningRate: 0.1, momentum: 0.9, weightDecay: 0 };

/** Bytes of all convolution outputs of one batch: one "activation" per conv-BN-ReLU. */
const activationBytes = (() => {
  const blocks = (depth - 2) / 6;
  const convolutions = [1 + 2 * blocks, 2 * blocks + 1, 2 * blocks + 1];
  const pixels = [32 * 32 * 16, 16 * 16 * 32, 8 * 8 * 64];
  return convolutions.reduce(
    (sum, count, stage) => sum + count * pixels[stage]! * batchSize * 4,
    0,
  );
})();

function stepOfOurs(): void {
  const metrics = trainingStep(network, { images, labels, size: batchSize }, state, options);
  metrics.dataSync();
  metrics.dispose();
}

function stepOfTape(): void {
  const [x, y] = [tensor4d(images, [batchSize, 32, 32, 3]), tensor1d(labels, "int32")];
  const loss = tape.step(x, y);
  loss.dataSync();
  [x, y, loss].forEach((tensor) => tensor.dispose());
}

const peak = new PeakBytes();
const rows = {
  ours: { run: stepOfOurs, times: [] as number[], bytes: 0 },
  tape: { run: stepOfTape, times: [] as number[], bytes: 0 },
};
for (const row of Object.values(rows)) row.run();
for (let step = 0; step < Number(values.steps); step++) {
  for (const row of Object.values(rows)) {
    const begin = performance.now();
    row.bytes = Math.max(row.bytes, peak.during(row.run));
    row.times.push(performance.now() - begin);
  }
}

const minimum = (times: number[]): number => Math.min(...times);
const median = (times: number[]): number => times.toSorted((a, b) => a - b)[times.length >> 1]!;
const cells = (name: string, { times, bytes }: (typeof rows)["ours"]): string =>
  `${name.padEnd(22)} ${minimum(times).toFixed(0).padStart(8)} ${median(times).toFixed(0).padStart(8)} ` +
  `${(bytes / 2 ** 20).toFixed(0).padStart(9)} ${(bytes / activationBytes).toFixed(2).padStart(22)}`;

console.log(
  `cifar-resnet-${depth}, batch ${batchSize}, BatchNorm only, ${values.backend}, ${values.steps} steps each in turn`,
);
console.log(
  `tfjs ${tfjsVersion}, Node ${process.versions.node}, ${cpus()[0]?.model ?? "unknown CPU"}\n`,
);
console.log(
  `${"".padEnd(22)} ${"min ms".padStart(8)} ${"median".padStart(8)} ${"peak MiB".padStart(9)} ${"activations per conv".padStart(22)}`,
);
console.log(cells("bn-only", rows.ours));
console.log(cells("tfjs-core with tape", rows.tape));
const speed = minimum(rows.tape.times) / minimum(rows.ours.times);
const memory = rows.tape.bytes / rows.ours.bytes;
console.log(
  `\nratio, tape / bn-only: ${speed.toFixed(2)}x the time (min / min), ${memory.toFixed(2)}x the peak memory`,
);
