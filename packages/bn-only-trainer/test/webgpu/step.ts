import {
  batchNorm,
  conv2d,
  dense,
  globalAveragePool,
  Network,
  observeOps,
  type OpEvent,
  sequential,
} from "@bn-only/frozen-layers";
import {
  backend,
  getKernelsForBackend,
  memory,
  registerKernel,
  unregisterKernel,
} from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { Learner, sgd, trainingStep, useBackend } from "../../src/index.ts";
import { firstBatch, tinyData, tinyNetwork } from "../support/tiny.ts";

/** What a test asks of the backend. */
interface Counting {
  readonly counts: { dispatches: number; submits: number; reads: number };
  shouldExecuteOnCPU(inputs: never, threshold?: number): boolean;
}

const ran: string[] = [];
const onCpu: string[] = [];

beforeAll(async () => {
  await useBackend("webgpu");
  const running = backend() as unknown as Counting;
  let current = "";
  const decide = running.shouldExecuteOnCPU.bind(running);
  running.shouldExecuteOnCPU = (inputs, threshold) => {
    const chosen = decide(inputs, threshold);
    if (chosen) onCpu.push(current);
    return chosen;
  };
  for (const config of getKernelsForBackend("bn-webgpu")) {
    unregisterKernel(config.kernelName, "bn-webgpu");
    registerKernel({
      ...config,
      kernelFunc(call) {
        current = config.kernelName;
        ran.push(config.kernelName);
        return config.kernelFunc(call);
      },
    });
  }
});

/** Takes so many steps of a small network and gives the loss of each. */
async function losses(steps: number): Promise<number[]> {
  const network = tinyNetwork();
  network.setTrainable("bn");
  const learner = new Learner(network.trainable, sgd());
  const batch = firstBatch(tinyData().train, 8);
  const values: number[] = [];
  for (let step = 1; step <= steps; step++) {
    const metrics = trainingStep(network, batch, learner, { learningRate: 0.1, step });
    values.push((await metrics.data())[0]!);
    metrics.dispose();
  }
  learner.dispose();
  network.dispose();
  return values;
}

test("a step runs by our kernels, on the GPU, in one submission and one read", async () => {
  const network = tinyNetwork();
  network.setTrainable("bn");
  const learner = new Learner(network.trainable, sgd());
  const batch = firstBatch(tinyData().train, 8);
  const take = async (step: number): Promise<void> => {
    const metrics = trainingStep(network, batch, learner, { learningRate: 0.1, step });
    await metrics.data();
    metrics.dispose();
  };
  await take(1); // uploads weights and prepares filters
  const { counts: before } = backend() as unknown as Counting;
  const events: OpEvent[] = [];
  const stop = observeOps((event) => events.push(event));
  ran.length = 0;
  onCpu.length = 0;
  await take(2);
  stop();
  const { counts: after } = backend() as unknown as Counting;

  const byReference = events.filter(({ implementation }) => implementation === "reference");
  expect(byReference.map(({ op }) => op.name)).toEqual([]);
  expect(onCpu).toEqual([]);
  // Nothing of tfjs's names but what joins and cuts the flat vector, which are copies here, and what copies nothing.
  const others = new Set(ran.filter((name) => !name.startsWith("BnOnly")));
  expect([...others].sort()).toEqual(["Concat", "Identity", "Pack", "SplitV"]);
  expect(after.submits - before.submits).toBe(1);
  expect(after.reads - before.reads).toBe(1);
  learner.dispose();
  network.dispose();
});

test("20 steps: the losses of wasm, to the bit the same once more", async () => {
  const first = await losses(20);
  expect(await losses(20)).toEqual(first);
  await useBackend("wasm", { threads: 1 });
  const expected = await losses(20);
  await useBackend("webgpu");
  expect(first[19]!).toBeLessThan(first[0]! / 2);
  first.forEach((loss, step) => expect(Math.abs(loss - expected[step]!)).toBeLessThan(2e-3));
});

test("500 steps leave tensors and bytes on the GPU as they were", async () => {
  const layer = sequential({
    conv: conv2d({ inputChannels: 3, outputChannels: 8, padding: 1 }),
    bn: batchNorm(8, { activation: "relu" }),
    down: conv2d({ inputChannels: 8, outputChannels: 8, padding: 1, stride: 2 }),
    bn2: batchNorm(8, { activation: "relu" }),
    pool: globalAveragePool(),
    head: dense({ inputs: 8, outputs: 10 }),
  });
  const definition = { name: "two-layers", layer, inputShape: [4, 4, 3], classes: 10 };
  const network = new Network(definition, { seed: 0 });
  network.setTrainable("bn");
  const learner = new Learner(network.trainable, sgd());
  const images = new Float32Array(2 * 48).map((_, i) => ((i * 37) % 101) / 50 - 1);
  const batch = { images, labels: Int32Array.of(0, 1), size: 2 };
  const take = async (steps: number): Promise<void> => {
    for (let step = 1; step <= steps; step++) {
      const learningRate = 0.1 / step;
      const metrics = trainingStep(network, batch, learner, { learningRate, step });
      await metrics.data();
      metrics.dispose();
    }
  };
  const now = () => {
    const { numTensors, numBytesInGPU, numBytesAllocatedInGPU } = memory() as unknown as Record<
      "numTensors" | "numBytesInGPU" | "numBytesAllocatedInGPU",
      number
    >;
    return { numTensors, numBytesInGPU, numBytesAllocatedInGPU };
  };
  await take(5);
  const before = now();
  await take(500);
  expect(now()).toEqual(before);
  learner.dispose();
  network.dispose();
});
