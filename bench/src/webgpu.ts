import { readCommandLine } from "@bn-only/testing/command-line";
import {
  describeAdapter,
  requestAdapter,
  type WebgpuTrainingBackend,
} from "@bn-only/backend-webgpu";
import { createNetwork } from "@bn-only/resnet-zoo";
import { Learner, sgd, trainingStep, useBackend } from "@bn-only/trainer";
import {
  backend,
  type Tensor,
  tensor1d,
  tensor4d,
  util,
  version_core as tfjs,
} from "@tensorflow/tfjs-core";
// Registers the gradients that the tape needs; tfjs-core alone has none.
import "@tensorflow/tfjs-layers";
import { create, globals } from "webgpu";
import { startJax } from "./jax.ts";
import { TapeNetwork } from "./tape-network.ts";
import { tapeOptions } from "./tape-options.ts";
import { timeKernels } from "./webgpu-kernels.ts";

// Our training step and kernels on WebGPU against tfjs-webgpu's kernels, the step by the gradient tape: same device,
// same weights, same batch, in turn. In Node, on whatever adapter there is.

const values = readCommandLine({
  command: "npm run bench:webgpu --",
  about: "The training step on any WebGPU adapter, kernel by kernel.",
  options: tapeOptions,
});
// One Dawn for all, where jax-js looks for it, as for a browser's name.
Object.assign(globalThis, globals);
const navigator = { gpu: create([]), userAgent: `Node ${process.versions.node}` };
Object.defineProperty(globalThis, "navigator", { value: navigator, configurable: true });

const { name: adapter, software } = describeAdapter(await requestAdapter());
console.log(`${adapter}${software ? ", a software adapter: its times say nothing of a GPU" : ""}`);
console.log(`tfjs ${tfjs}, Node ${process.versions.node}`);

await useBackend("webgpu");
const running = backend() as unknown as WebgpuTrainingBackend;
const network = `cifar-resnet-${values.depth}`;
const batch = Number(values["batch-size"]);
const steps = Number(values.steps);
const images = Float32Array.from({ length: batch * 3072 }, (_, i) => ((i * 37) % 101) / 50 - 1);
const labels = Int32Array.from({ length: batch }, (_, i) => i % 10);

interface Contestant {
  readonly name: string;
  /** Records a step; what it gives is read and disposed. */
  readonly step: () => Tensor;
  readonly times: number[];
  dispatches: number;
  submits: number;
}

function ours(): Contestant {
  const trained = createNetwork(network, { seed: 0 });
  trained.setTrainable("bn");
  const learner = Learner.of(trained, sgd({ weightDecay: 0 }));
  let step = 0;
  const data = { images, labels, size: batch };
  return {
    name: "bn-only",
    step: () => trainingStep(trained, data, learner, { learningRate: 0.1, step: ++step }),
    times: [],
    dispatches: 0,
    submits: 0,
  };
}

function tape(): Contestant {
  const plain = createNetwork(network, { seed: 0 });
  const taped = new TapeNetwork(plain, (Number(values.depth) - 2) / 6);
  plain.dispose();
  return {
    name: "tape of tfjs",
    step() {
      const [x, y] = [tensor4d(images, [batch, 32, 32, 3]), tensor1d(labels, "int32")];
      const loss = taped.step(x, y);
      [x, y].forEach((used) => used.dispose());
      return loss;
    },
    times: [],
    dispatches: 0,
    submits: 0,
  };
}

/** Bytes that our kernels read and write in a step, each tensor once a dispatch. */
async function bytesOf({ step }: Contestant): Promise<number> {
  const { run } = running;
  let bytes = 0;
  running.run = (shader, command) => {
    const tensors = [...command.inputs, ...command.outputs];
    bytes += tensors.reduce((sum, { shape }) => sum + 4 * util.sizeFromShape(shape), 0);
    run.call(running, shader, command);
  };
  const result = step();
  running.run = run;
  await result.data();
  result.dispose();
  return bytes;
}

async function take(contestant: Contestant): Promise<void> {
  const before = running.counts;
  const begin = performance.now();
  const result = contestant.step();
  await result.data();
  contestant.times.push(performance.now() - begin);
  result.dispose();
  const after = running.counts;
  contestant.dispatches = after.dispatches - before.dispatches;
  contestant.submits = after.submits - before.submits;
}

const contestants = [ours(), tape()];
// The first step compiles shaders, and prepares filters.
for (const contestant of contestants) await take(contestant);
contestants.forEach(({ times }) => times.splice(0));
for (let step = 0; step < steps; step++) {
  for (const contestant of contestants) await take(contestant);
}

console.log(`\nstep of ${network}, batch ${batch}, BatchNorm only, best of ${steps} in turn`);
for (const { name, times, dispatches, submits } of contestants) {
  console.log(
    `${name.padEnd(24)} ${Math.min(...times)
      .toFixed(1)
      .padStart(9)} ms ${String(dispatches).padStart(6)} dispatches ` +
      `${String(submits).padStart(3)} submits`,
  );
}

const bytes = await bytesOf(contestants[0]!);
const gigabytes = bytes / 1e6 / Math.min(...contestants[0]!.times);
console.log(
  `our kernels move ${(bytes / 2 ** 20).toFixed(0)} MiB a step, ${gigabytes.toFixed(1)} GB/s of the whole step`,
);

const jax = await startJax("webgpu");
console.log(
  "\nkernels, best wall-clock until the GPU is done, and of ours by the GPU's own clock, which rates are of;\n" +
    "beside tfjs-webgpu's for the same work (of BatchNorm: its statistics alone), and jax-js's",
);
const milliseconds = (ms: number): string => `${ms.toFixed(2).padStart(8)} ms`;
for (const { kernel, ms, gpuMs, rate, others } of await timeKernels(running, batch, steps, jax)) {
  const beside = Object.entries(others).map(
    ([other, theirs]) =>
      `${other} ${milliseconds(theirs)} ${(theirs / ms).toFixed(1).padStart(5)} times`,
  );
  const own = gpuMs === undefined ? "no timestamp-query" : `GPU ${milliseconds(gpuMs)}`;
  console.log([kernel.padEnd(24), milliseconds(ms), own, rate.padStart(16), ...beside].join("  "));
}
// Dawn keeps the process as long as somebody knows it.
process.exit();
