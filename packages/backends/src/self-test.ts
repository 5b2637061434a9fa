import { batchNorm, conv2d, dense, globalAveragePool, sequential } from "@bn-only/frozen-layers";
import { startTrial } from "./trial.ts";

/** The loss of each of three steps: tools/goldens/self_test.py, PyTorch in float64. */
const expected = [1.0952342, 1.0793367, 1.0552596];

/** How far a correct backend in float32 may be off. */
const TOLERANCE = 1e-4;

/** The same network as in tools/goldens/self_test.py. */
function tinyNetwork() {
  const layer = sequential({
    conv: conv2d({ inputChannels: 3, outputChannels: 8, padding: 1 }),
    bn1: batchNorm(8, { activation: "relu" }),
    down: conv2d({ inputChannels: 8, outputChannels: 8, padding: 1, stride: 2 }),
    bn2: batchNorm(8, { activation: "relu" }),
    pool: globalAveragePool(),
    head: dense({ inputs: 8, outputs: 3 }),
  });
  return { name: "self-test", layer, inputShape: [8, 8, 3], classes: 3 };
}

/**
 * Takes three steps of a tiny network on the current backend: a strided convolution, BatchNorm with
 * ReLU, and the output layer, forward and backward, must lead to the losses that PyTorch finds.
 *
 * @throws Error that says which step was off, and by how much.
 */
export async function selfTest(): Promise<void> {
  const trial = startTrial({ definition: tinyNetwork(), batchSize: 4, learningRate: 0.5 });
  try {
    for (const [step, loss] of expected.entries()) {
      const actual = await trial.step();
      if (!(Math.abs(actual - loss) < TOLERANCE)) {
        throw new Error(
          `step ${step + 1} of a test training gave a loss of ${actual} instead of ${loss}`,
        );
      }
    }
  } finally {
    trial.dispose();
  }
}
