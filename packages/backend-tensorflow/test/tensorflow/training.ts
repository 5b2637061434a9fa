import {
  conv2d,
  batchNorm,
  dense,
  globalAveragePool,
  Network,
  sequential,
  runOp,
  softmaxCrossEntropyOp,
  trainingPass,
} from "@bn-only/frozen-layers";
import { backend, memory, setBackend, tensor, type Tensor, tensor1d } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { backendName, registerTensorflowBackend } from "../../src/index.ts";

interface Native {
  readonly binding: { getNumOfTensors(): number };
}

beforeAll(async () => {
  registerTensorflowBackend();
  await setBackend(backendName);
});

test("2,000 passes forward and backward leave tensors and resident memory as they were", () => {
  const layer = sequential({
    conv: conv2d({ inputChannels: 3, outputChannels: 16, padding: 1 }),
    bn1: batchNorm(16, { activation: "relu" }),
    down: conv2d({ inputChannels: 16, outputChannels: 16, padding: 1, stride: 2 }),
    bn2: batchNorm(16, { activation: "relu" }),
    pool: globalAveragePool(),
    head: dense({ inputs: 16, outputs: 10 }),
  });
  const definition = { name: "two-layers", layer, inputShape: [16, 16, 3], classes: 10 };
  const network = new Network(definition, { seed: 0 });
  network.setTrainable("bn");
  const size = 16;
  const images = Float32Array.from({ length: size * 768 }, (_, i) => ((i * 37) % 101) / 50 - 1);
  const classes = Int32Array.from({ length: size }, (_, i) => i % 10);
  const native = backend() as unknown as Native;
  const count = () => ({
    tensors: memory().numTensors,
    native: native.binding.getNumOfTensors(),
  });
  const steps = (total: number): void => {
    for (let step = 0; step < total; step++) {
      const labels = tensor1d(classes, "int32");
      passThrough(network, tensor(images, [size, 16, 16, 3]), labels);
      labels.dispose();
    }
  };

  steps(200);
  const before = count();
  const resident = process.memoryUsage.rss();
  steps(2000);
  expect(count()).toEqual(before);
  // One leaked activation of 16x16x16 a step would be 500 MB.
  expect(process.memoryUsage.rss() - resident).toBeLessThan(30e6);
  network.dispose();
});

/** One step of training but for the update. */
function passThrough(network: Network, images: Tensor, labels: ReturnType<typeof tensor1d>): void {
  const pass = trainingPass();
  const { output, saved } = network.layer.forward(network.accept(images), pass);
  const { loss, correct, gradient } = runOp(softmaxCrossEntropyOp, { logits: output, labels }, {});
  loss.dataSync();
  [output, loss, correct].forEach((used) => used.dispose());
  network.layer.backward(saved, gradient, pass);
  pass.gradients.forEach((used) => used.dispose());
  pass.statisticsUpdates.forEach((value, statistic) => statistic.set(value));
}
