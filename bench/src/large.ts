import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { randomStream } from "@bn-only/frozen-layers";
import { createNetwork } from "@bn-only/resnet-zoo";
import { readCommandLine } from "@bn-only/testing/command-line";
import { Learner, sgd, trainingStep, useBackend } from "@bn-only/trainer";
import { memory } from "@tensorflow/tfjs-core";

// The deepest and the widest network of the paper: that they are built and take training steps on WASM, and
// what memory that needs. Each in a process of its own, whose largest resident set the system tells.

interface Row {
  readonly network: string;
  readonly batch: number;
  readonly side: number;
}

const rows: readonly Row[] = [
  { network: "cifar-resnet-866", batch: 16, side: 32 },
  { network: "cifar-resnet-14-32", batch: 16, side: 32 },
  { network: "imagenet-resnet-200", batch: 16, side: 64 },
];

const { row: given } = readCommandLine({
  command: "npm run bench:large --",
  about: "Memory and time of the deepest and the widest network of the paper.",
  options: {
    row: { type: "string", help: "one network alone, as this program asks itself for it" },
  },
});
if (given === undefined) {
  console.log("| network | images | loss before and after | seconds a step | tensors | process |");
  console.log("| ------- | ------ | --------------------- | -------------: | ------: | ------: |");
  const file = fileURLToPath(import.meta.url);
  for (const row of rows) {
    const options = { stdio: "inherit" } as const;
    const { status } = spawnSync(process.execPath, [file, "--row", JSON.stringify(row)], options);
    if (status !== 0) process.exitCode = 1;
  }
} else {
  await measure(JSON.parse(given) as Row);
}

async function measure({ network: name, batch: size, side }: Row): Promise<void> {
  await useBackend("wasm");
  const network = createNetwork(name, { inputShape: [side, side, 3] });
  network.setTrainable("bn");
  const learner = Learner.of(network, sgd());
  const pixels = size * side * side * 3;
  const images = Float32Array.from(randomStream(0, "large").normal(pixels));
  const labels = Int32Array.from({ length: size }, (_, i) => i % network.classes);
  const losses: number[] = [];
  let seconds = 0;
  for (const step of [1, 2]) {
    const begin = performance.now();
    const metrics = trainingStep(network, { images, labels, size }, learner, {
      learningRate: 0.01,
      step,
    });
    losses.push((await metrics.data())[0]!);
    metrics.dispose();
    seconds = (performance.now() - begin) / 1000;
  }
  const { peakBytes = 0 } = memory() as { peakBytes?: number };
  const resident = process.resourceUsage().maxRSS * 1024;
  const shown = losses.map((loss) => loss.toFixed(3)).join(", ");
  console.log(
    `| ${name} | ${size} of ${side}x${side} | ${shown} | ${seconds.toFixed(1)} | ${mebibytes(peakBytes)} | ${mebibytes(resident)} |`,
  );
  if (!losses.every(Number.isFinite)) process.exitCode = 1;
  process.exit();
}

function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(0)} MiB`;
}
