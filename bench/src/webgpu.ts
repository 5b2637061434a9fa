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
  version_core as tfjs,
} from "@tensorflow/tfjs-core";
// Registers the gradients that the tape needs; tfjs-core alone has none.
import "@tensorflow/tfjs-layers";
import { TapeNetwork } from "./tape-network.ts";
import { timeKernels } from "./webgpu-kernels.ts";

// Our training step and kernels on WebGPU against tfjs-webgpu's kernels, the step by the gradient tape: same device,
// same weights, same batch, in turn. In Node, on whatever adapter there is.

const values = readCommandLine({
  command: "npm run bench:webgpu --",
  about: "The training step on any WebGPU adapter, kernel by kernel.",
  options: {
    depth: {
      type: "string",
      default: "14",
      help: "depth of the cifar-resnet",
      placeholder: "n",
      from: 8,
    },
    "batch-size": {
      type: "string",
      default: "128",
      help: "images in a batch",
      placeholder: "n",
      from: 1,
    },
    steps: {
      type: "string",
      default: "5",
      help: "steps that are timed",
      placeholder: "n",
      from: 1,
    },
  },
});
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

console.log(
  "\nkernels, until the GPU is done; beside tfjs-webgpu's for the same work (of BatchNorm: its statistics alone)",
);
for (const { kernel, ms, rate, tfjsMs } of await timeKernels(running, batch, steps)) {
  const other =
    tfjsMs === undefined
      ? ""
      : `  tfjs ${tfjsMs.toFixed(2).padStart(9)} ms  ${(tfjsMs / ms).toFixed(1)} times`;
  console.log(`${kernel.padEnd(24)} ${ms.toFixed(2).padStart(9)} ms ${rate.padStart(16)}${other}`);
}
