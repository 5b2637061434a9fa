import {
  batchNorm,
  conv2d,
  dense,
  globalAveragePool,
  Network,
  sequential,
} from "@bn-only/frozen-layers";
import { Learner } from "../learner.ts";
import { sgd } from "../optimizers/sgd.ts";
import { trainingStep } from "../training-step.ts";

/** The loss of each of three steps: tools/goldens/self_test.py, PyTorch in float64. */
const expected = [1.0952342, 1.0793367, 1.0552596];

/**
 * Takes three steps of a tiny network on the current backend: a strided convolution, BatchNorm with
 * ReLU, and the output layer, forward and backward, must lead to the losses that PyTorch finds.
 */
export async function selfTest(): Promise<void> {
  const network = tinyNetwork();
  const optimizer = sgd({ momentum: 0.9, weightDecay: 0.001 });
  const learner = new Learner(network.trainable, optimizer);
  const size = 4;
  const images = Float32Array.from({ length: size * 64 * 3 }, (_, i) => ((i * 37) % 101) / 50 - 1);
  const labels = Int32Array.from([0, 1, 2, 0]);
  try {
    for (const [step, loss] of expected.entries()) {
      const at = { learningRate: 0.5, step: step + 1 };
      const metrics = trainingStep(network, { images, labels, size }, learner, at);
      const [actual] = await metrics.data();
      metrics.dispose();
      if (!(Math.abs(actual! - loss) < 1e-4)) {
        throw new Error(
          `step ${step + 1} of a test training gave a loss of ${actual} instead of ${loss}`,
        );
      }
    }
  } finally {
    learner.dispose();
    network.dispose();
  }
}

function tinyNetwork(): Network {
  const layer = sequential({
    conv: conv2d({ inputChannels: 3, outputChannels: 8, padding: 1 }),
    bn1: batchNorm(8, { activation: "relu" }),
    down: conv2d({ inputChannels: 8, outputChannels: 8, padding: 1, stride: 2 }),
    bn2: batchNorm(8, { activation: "relu" }),
    pool: globalAveragePool(),
    head: dense({ inputs: 8, outputs: 3 }),
  });
  const definition = { name: "self-test", layer, inputShape: [8, 8, 3], classes: 3 };
  const network = new Network(definition, { seed: 1 });
  network.setTrainable("bn");
  return network;
}
