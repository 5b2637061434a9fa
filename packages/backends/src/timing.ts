import { batchNorm, conv2d, dense, globalAveragePool, sequential } from "@bn-only/frozen-layers";
import { startTrial } from "./trial.ts";

/** The widest stage of the paper's CIFAR networks, where they spend their time. */
function timedNetwork() {
  const layer = sequential({
    conv1: conv2d({ inputChannels: 3, outputChannels: 16, padding: 1 }),
    bn1: batchNorm(16, { activation: "relu" }),
    conv2: conv2d({ inputChannels: 16, outputChannels: 16, padding: 1 }),
    bn2: batchNorm(16, { activation: "relu" }),
    conv3: conv2d({ inputChannels: 16, outputChannels: 16, padding: 1 }),
    bn3: batchNorm(16, { activation: "relu" }),
    pool: globalAveragePool(),
    head: dense({ inputs: 16, outputs: 10 }),
  });
  return { name: "timing", layer, inputShape: [32, 32, 3], classes: 10 };
}

/** Engines compile WebAssembly anew while it runs: its fourth step took a quarter of its first. */
const WARM_UP_STEPS = 5;
const STEPS = 2;

/**
 * Milliseconds of the faster of two training steps of a small network at batch 64 on the current
 * backend, once it is warm. Some 0.2 s in all on a backend that could win.
 */
export async function timeSteps(): Promise<number> {
  const trial = startTrial({ definition: timedNetwork(), batchSize: 64, learningRate: 0.01 });
  let best = Infinity;
  try {
    for (let step = 0; step < WARM_UP_STEPS; step++) await trial.step();
    for (let step = 0; step < STEPS; step++) {
      const begin = performance.now();
      await trial.step();
      best = Math.min(best, performance.now() - begin);
    }
  } finally {
    trial.dispose();
  }
  return best;
}
