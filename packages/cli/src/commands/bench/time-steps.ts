import { setImmediate as pause } from "node:timers/promises";
import {
  bytesLeft,
  formatBytes,
  Network,
  type NetworkDefinition,
  OutOfMemoryError,
  randomStream,
} from "@bn-only/frozen-layers";
import { conditionSelection, Learner, sgd, trainingStep } from "@bn-only/trainer";
import { tensor } from "@tensorflow/tfjs-core";
import type { Io } from "../../io.ts";
import type { BenchCommandOptions } from "./options.ts";
import type { Profile } from "./profile.ts";

/**
 * Steps before the clock starts: filters get prepared, memory reaches its size, and the engine compiles what it
 * finds to be used often, which takes it some forty steps. So many steps, or at least `least` in so much time.
 */
const WARM_UP = { steps: 40, least: 3, milliseconds: 4000 };

/** Milliseconds of each step, read-back of the loss or the logits included; `profile` is told of these. */
export async function timeSteps(
  options: BenchCommandOptions,
  definition: NetworkDefinition,
  io: Io,
  profile: Profile | undefined,
): Promise<number[]> {
  const network = new Network(definition);
  network.setTrainable(conditionSelection(options.condition, network));
  const learner = Learner.of(network, sgd());
  const size = options.batchSize;
  const shape = [size, ...network.inputShape];
  const pixels = shape.reduce((product, length) => product * length, 1);
  const left = bytesLeft() ?? 2 ** 32;
  if (4 * pixels > left) {
    throw new OutOfMemoryError(
      `bench: ${size} images alone take ${formatBytes(4 * pixels)}, ${formatBytes(left)} are left. ` +
        `Choose a smaller --batch-size.`,
    );
  }
  const images = Float32Array.from(randomStream(0, "bench/images").normal(pixels));
  const labels = Int32Array.from({ length: size }, (_, i) => i % network.classes);
  const at = { learningRate: 0.01, step: 1 };
  const step = options.evaluation
    ? () => network.predict(tensor(images, shape))
    : () => trainingStep(network, { images, labels, size }, learner, at);

  const timed = async (): Promise<number> => {
    const begin = performance.now();
    const result = step();
    await result.data();
    result.dispose();
    const milliseconds = performance.now() - begin;
    await pause();
    io.signal.throwIfAborted();
    return milliseconds;
  };
  let spent = 0;
  for (let i = 0; i < WARM_UP.least || (i < WARM_UP.steps && spent < WARM_UP.milliseconds); i++) {
    spent += await timed();
  }
  profile?.begin();
  const times: number[] = [];
  for (let i = 0; i < options.steps; i++) times.push(await timed());
  profile?.end();
  learner?.dispose();
  network.dispose();
  return times;
}
