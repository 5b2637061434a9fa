import { readCommandLine, refuse } from "@bn-only/testing/command-line";
import { randomStream } from "@bn-only/frozen-layers";
import { createNetwork } from "@bn-only/resnet-zoo";
import {
  conditionSelection,
  isCondition,
  Learner,
  sgd,
  trainingStep,
  useBackend,
} from "@bn-only/trainer";
import { memory } from "@tensorflow/tfjs-core";

// Thousands of training steps, after which nothing may be more than it was: tensors, bytes in use, the
// memory that was taken from the machine, and the resident memory of the whole process.

/** The garbage collector keeps what it likes for a while. */
const RESIDENT_SLACK = 16 * 2 ** 20;

const given = readCommandLine({
  command: "npm run bench:steady --",
  about: "That training takes no more memory at its end than at its beginning.",
  options: {
    steps: { type: "string", default: "10000", help: "training steps", placeholder: "n", from: 1 },
    batch: { type: "string", default: "8", help: "images in a batch", placeholder: "n", from: 1 },
    network: { type: "string", default: "cifar-resnet-8", help: "network", placeholder: "name" },
    condition: { type: "string", default: "bn", help: "what trains", placeholder: "name" },
    backend: { type: "string", default: "wasm", help: "backend", placeholder: "name" },
  },
});
const [steps, size] = [Number(given.steps), Number(given.batch)];
if (!isCondition(given.condition)) refuse(`there is no condition "${given.condition}"`);

await useBackend(given.backend);
const network = createNetwork(given.network, { seed: 0, inputShape: [16, 16, 3] });
network.setTrainable(conditionSelection(given.condition, network));
const learner = Learner.of(network, sgd());
const stream = randomStream(0, "steady");
const batch = {
  size,
  images: Float32Array.from(stream.normal(size * 16 * 16 * 3)),
  labels: Int32Array.from({ length: size }, (_, i) => i % network.classes),
};

interface Row {
  readonly step: number;
  readonly tensors: number;
  readonly buffers: number;
  readonly bytes: number;
  readonly heap: number;
  readonly resident: number;
}

function look(step: number): Row {
  const counts = memory() as ReturnType<typeof memory> & {
    numBytesInUse?: number;
    heapBytes?: number;
  };
  return {
    step,
    tensors: counts.numTensors,
    buffers: counts.numDataBuffers,
    bytes: counts.numBytesInUse ?? counts.numBytes,
    heap: counts.heapBytes ?? 0,
    resident: process.memoryUsage().rss,
  };
}

const mebibytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(2).padStart(9);

console.log(`${given.network}, ${given.condition}, batch ${size} of 16x16x3, ${given.backend}\n`);
console.log("  step  tensors  buffers  in use, MiB  heap, MiB  resident, MiB");
const rows: Row[] = [];
for (let step = 0; step <= steps; step++) {
  const metrics = trainingStep(network, batch, learner, { learningRate: 1e-4, step: step + 1 });
  await metrics.data();
  metrics.dispose();
  if (step % Math.ceil(steps / 10) !== 0) continue;
  const row = look(step);
  rows.push(row);
  console.log(
    `${String(step).padStart(6)}  ${String(row.tensors).padStart(7)}  ${String(row.buffers).padStart(7)}  ` +
      `${mebibytes(row.bytes).padStart(11)}  ${mebibytes(row.heap)}  ${mebibytes(row.resident).padStart(13)}`,
  );
}

// The first tenth warms up: compilers, garbage, prepared filters. The collector comes and goes after that too.
const [start, end] = [rows[1]!, rows.at(-1)!];
const grown = (["tensors", "buffers", "bytes", "heap"] as const).filter(
  (of) => end[of] > start[of],
);
const early = Math.max(...rows.slice(1, 4).map(({ resident }) => resident));
const late = Math.min(...rows.slice(-3).map(({ resident }) => resident));
if (late > early + RESIDENT_SLACK) console.log("resident memory has grown");
if (grown.length > 0) console.log(`more than before: ${grown.join(", ")}`);
const flat = grown.length === 0 && late <= early + RESIDENT_SLACK;
console.log(flat ? "\nflat" : "\nnot flat");
process.exitCode = flat ? 0 : 1;
