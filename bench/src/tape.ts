import { cpus } from "node:os";
import { readCommandLine } from "@bn-only/testing/command-line";
import { createNetwork } from "@bn-only/resnet-zoo";
import { type BackendName, Learner, sgd, trainingStep, useBackend } from "@bn-only/trainer";
import {
  memory,
  setBackend,
  tensor1d,
  tensor4d,
  version_core as tfjsVersion,
} from "@tensorflow/tfjs-core";
// Registers the gradients that the tape needs; tfjs-core alone has none.
import "@tensorflow/tfjs-layers";
import { PeakBytes } from "./peak-bytes.ts";
import { TapeNetwork } from "./tape-network.ts";
import { tapeOptions } from "./tape-options.ts";

// Our training step, on our WASM backend and on tfjs's, against plain tfjs-core with the gradient tape on
// tfjs's: same network, same weights, same batch, steps taken in turn.

const values = readCommandLine({
  command: "npm run bench:tape --",
  about: "The training step against plain tfjs-core with the gradient tape, in turn.",
  options: tapeOptions,
});
const blocks = (Number(values.depth) - 2) / 6;
const name = `cifar-resnet-${values.depth}`;
const batchSize = Number(values["batch-size"]);
const images = Float32Array.from({ length: batchSize * 3072 }, () => Math.random() * 2 - 1);
const labels = Int32Array.from({ length: batchSize }, (_, i) => i % 10);
const learningRate = 0.1;

/** Bytes of all convolution outputs of one batch: one "activation" per conv-BN-ReLU. */
const activationBytes = (() => {
  const convolutions = [1 + 2 * blocks, 2 * blocks + 1, 2 * blocks + 1];
  const pixels = [32 * 32 * 16, 16 * 16 * 32, 8 * 8 * 64];
  return convolutions.reduce(
    (sum, count, stage) => sum + count * pixels[stage]! * batchSize * 4,
    0,
  );
})();

interface Contestant {
  readonly name: string;
  /** tfjs's name of its backend. */
  readonly backend: string;
  readonly step: () => void;
  readonly times: number[];
}

function ours(contestant: string, backend: string): Contestant {
  const network = createNetwork(name, { seed: 0 });
  network.setTrainable("bn");
  const learner = Learner.of(network, sgd({ weightDecay: 0 }));
  let done = 0;
  const step = (): void => {
    const metrics = trainingStep(network, { images, labels, size: batchSize }, learner, {
      learningRate,
      step: ++done,
    });
    metrics.dataSync();
    metrics.dispose();
  };
  return { name: contestant, backend, step, times: [] };
}

function tape(contestant: string, backend: string): Contestant {
  const network = createNetwork(name, { seed: 0 });
  const taped = new TapeNetwork(network, blocks);
  network.dispose();
  const step = (): void => {
    const [x, y] = [tensor4d(images, [batchSize, 32, 32, 3]), tensor1d(labels, "int32")];
    const loss = taped.step(x, y);
    loss.dataSync();
    [x, y, loss].forEach((tensor) => tensor.dispose());
  };
  return { name: contestant, backend, step, times: [] };
}

const choose = async (backend: BackendName): Promise<string> =>
  (await useBackend(backend)).description;
const descriptions = [await choose("tfjs-wasm")];
const peak = new PeakBytes();
const contestants = [ours("bn-only on tfjs-wasm", "wasm"), tape("tape on tfjs-wasm", "wasm")];
descriptions.unshift(await choose("wasm"));
contestants.unshift(ours("bn-only on wasm", "bn-wasm"));

const peaks = new Map<Contestant, number>();
for (const contestant of contestants) {
  await setBackend(contestant.backend);
  const before = memory() as { numBytesInUse?: number };
  const bytes = peak.during(contestant.step);
  const { peakBytes } = memory() as { peakBytes?: number };
  peaks.set(contestant, peakBytes === undefined ? bytes : peakBytes - before.numBytesInUse!);
}
for (let step = 0; step < Number(values.steps); step++) {
  for (const { backend, step: run, times } of contestants) {
    await setBackend(backend);
    const begin = performance.now();
    run();
    times.push(performance.now() - begin);
  }
}

const minimum = (times: readonly number[]): number => Math.min(...times);
const median = (times: readonly number[]): number =>
  times.toSorted((a, b) => a - b)[times.length >> 1]!;
const last = contestants.at(-1)!;
const cells = (contestant: Contestant): string => {
  const { times } = contestant;
  const bytes = peaks.get(contestant)!;
  return [
    contestant.name.padEnd(22),
    minimum(times).toFixed(0).padStart(8),
    median(times).toFixed(0).padStart(8),
    (minimum(last.times) / minimum(times)).toFixed(1).padStart(8),
    (bytes / 2 ** 20).toFixed(0).padStart(9),
    (bytes / activationBytes).toFixed(2).padStart(22),
  ].join(" ");
};
const titles = ["min ms", "median", "speed-up"].map((title) => title.padStart(8)).join(" ");

console.log(
  `${name}, batch ${batchSize}, BatchNorm only, ${values.steps} steps each in turn\n` +
    `${descriptions.join("; ")}\n` +
    `tfjs ${tfjsVersion}, Node ${process.versions.node}, ${cpus()[0]?.model ?? "unknown CPU"}\n\n` +
    `${"".padEnd(22)} ${titles} ${"peak MiB".padStart(9)} ${"activations per conv".padStart(22)}\n` +
    contestants.map(cells).join("\n"),
);
