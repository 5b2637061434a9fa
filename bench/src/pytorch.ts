import { spawn } from "node:child_process";
import { cpus } from "node:os";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { createNetwork } from "@bn-only/resnet-zoo";
import {
  type BackendName,
  type Condition,
  conditionSelector,
  initializeSgd,
  trainingStep,
  useBackend,
} from "@bn-only/trainer";
import { memory } from "@tensorflow/tfjs-core";

// Our training step against PyTorch's: same network, same weights, same batch size, one step each in
// turn, in two processes of which only one works at a time. Threads of either go on spinning for a
// while after a step, hence a pause before each.

const { values } = parseArgs({
  options: {
    network: { type: "string", default: "cifar-resnet-14" },
    condition: { type: "string", default: "bn" },
    "batch-size": { type: "string", default: "128" },
    steps: { type: "string", default: "30" },
    backend: { type: "string", default: "auto" },
    python: { type: "string", default: "python3" },
    threads: { type: "string", default: "2" },
  },
});
const batchSize = Number(values["batch-size"]);

/** A process with PyTorch that takes a step when told to. */
async function startPyTorch() {
  const script = new URL("../../tools/reference/step_pytorch.py", import.meta.url).pathname;
  const options = ["condition", "batch-size", "threads"].flatMap((name) => [
    `--${name}`,
    String(values[name as keyof typeof values]),
  ]);
  const child = spawn(values.python, [script, values.network, ...options], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const read = async () => JSON.parse((await lines.next()).value) as Record<string, number>;
  const { torch } = await read();
  return {
    version: String(torch),
    async step() {
      child.stdin.write("\n");
      return (await read()) as { ms: number; peakBytes: number };
    },
    end: () => child.stdin.end(),
  };
}

const backend = await useBackend(values.backend as BackendName);
const network = createNetwork(values.network, { seed: 0 });
network.setTrainable(conditionSelector(values.condition as Condition));
const state = { sgd: initializeSgd(network.trainable) };
const images = Float32Array.from({ length: batchSize * 3072 }, () => Math.random() * 2 - 1);
const labels = Int32Array.from({ length: batchSize }, (_, i) => i % 10);
const options = { learningRate: 0.1, momentum: 0.9, weightDecay: 1e-4 };

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 150));

async function stepOfOurs(): Promise<number> {
  const begin = performance.now();
  const metrics = trainingStep(network, { images, labels, size: batchSize }, state, options);
  await metrics.data();
  metrics.dispose();
  return performance.now() - begin;
}

const pytorch = await startPyTorch();
for (let step = 0; step < 3; step++) {
  await stepOfOurs();
  await pytorch.step();
}
const times = { ours: [] as number[], pytorch: [] as number[] };
let pytorchPeak = 0;
const tensors = memory().numTensors;
for (let step = 0; step < Number(values.steps); step++) {
  await settle();
  times.ours.push(await stepOfOurs());
  await settle();
  const { ms, peakBytes } = await pytorch.step();
  times.pytorch.push(ms);
  pytorchPeak = peakBytes;
}
pytorch.end();

const minimum = (list: number[]): number => Math.min(...list);
const median = (list: number[]): number => list.toSorted((a, b) => a - b)[list.length >> 1]!;
const row = (name: string, list: number[], peak: number): string =>
  `${name.padEnd(20)} ${minimum(list).toFixed(1).padStart(8)} ${median(list).toFixed(1).padStart(8)} ` +
  `${(peak / 2 ** 20).toFixed(0).padStart(14)}`;
const cpu = cpus();

console.log(
  `${values.network}, condition ${values.condition}, batch ${batchSize}, ${values.steps} steps each in turn`,
);
console.log(
  `${backend.description}\nNode ${process.versions.node}, ${cpu.length} x ${cpu[0]?.model}\n`,
);
console.log(
  `${"".padEnd(20)} ${"min ms".padStart(8)} ${"median".padStart(8)} ${"peak RSS, MiB".padStart(14)}`,
);
console.log(row(`bn-only, ${backend.name}`, times.ours, process.resourceUsage().maxRSS * 1024));
console.log(row(`PyTorch ${pytorch.version}`, times.pytorch, pytorchPeak));
const ratio = (of: (list: number[]) => number): string =>
  (of(times.ours) / of(times.pytorch)).toFixed(3);
console.log(
  `\nratio, bn-only / PyTorch: ${ratio(minimum)} (min / min), ${ratio(median)} (median / median)`,
);
if (memory().numTensors !== tensors) throw new Error("tensors leaked");
