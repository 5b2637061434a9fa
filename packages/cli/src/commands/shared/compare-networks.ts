import { type Network, randomStream } from "@bn-only/frozen-layers";
import { type BatchSource, evaluate } from "@bn-only/trainer";
import { turn } from "../../turn.ts";
import { tensor, type Tensor, tidy } from "@tensorflow/tfjs-core";

/** What changed from one network to another that should do the same. */
export interface Comparison {
  /** The largest difference of a logit, over some random images. */
  readonly largestDifference: number;
  /** The largest logit there. */
  readonly largestOutput: number;
  /** Of both, in turn, the best of several. */
  readonly imagesPerSecond: readonly [before: number, after: number];
  /** 0 to 1; absent where they were not tested. */
  readonly accuracy?: readonly [before: number, after: number];
  readonly loss?: readonly [before: number, after: number];
}

const IMAGES = 32;
/** Engines compile what is used often only after a while. */
const WARM_UPS = 3;
const ROUNDS = 8;
/** No longer than this for timings, in milliseconds, however large the networks are. */
const PATIENCE = 6000;

export async function compareNetworks(
  before: Network,
  after: Network,
  source: BatchSource | undefined,
  signal: AbortSignal,
): Promise<Comparison> {
  const images = randomImages(before.inputShape);
  try {
    const [expected, actual] = [await logits(before, images), await logits(after, images)];
    const imagesPerSecond = await speeds([before, after], images, signal);
    const measured = {
      largestDifference: largest(expected.map((value, i) => value - actual[i]!)),
      largestOutput: largest(expected),
      imagesPerSecond,
    };
    if (source === undefined) return measured;
    const [one, other] = [
      await evaluate(before, source, { signal }),
      await evaluate(after, source, { signal }),
    ];
    return {
      ...measured,
      accuracy: [one.accuracy, other.accuracy],
      loss: [one.loss, other.loss],
    };
  } finally {
    images.dispose();
  }
}

function randomImages(inputShape: readonly number[]): Tensor {
  const size = inputShape.reduce((product, length) => product * length, IMAGES);
  return tensor(randomStream(0, "images").normalFloat32(size), [IMAGES, ...inputShape]);
}

async function logits(network: Network, images: Tensor): Promise<Float32Array> {
  const output = tidy(() => network.predict(images.clone()));
  try {
    return await output.data<"float32">();
  } finally {
    output.dispose();
  }
}

async function speeds(
  networks: readonly [Network, Network],
  images: Tensor,
  signal: AbortSignal,
): Promise<[number, number]> {
  const best: [number, number] = [Infinity, Infinity];
  const end = performance.now() + PATIENCE;
  for (let round = 0; round < WARM_UPS + ROUNDS; round++) {
    for (const which of [0, 1] as const) {
      await turn(signal);
      const begin = performance.now();
      await logits(networks[which], images);
      const time = performance.now() - begin;
      if (round >= WARM_UPS || time > PATIENCE / 10) best[which] = Math.min(best[which], time);
    }
    if (performance.now() > end && best.every(Number.isFinite)) break;
  }
  return [(1000 * IMAGES) / best[0], (1000 * IMAGES) / best[1]];
}

const largest = (values: Float32Array): number =>
  values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
