import { checkInteger } from "../check.ts";
import { checkDataset } from "../check-dataset.ts";
import { augmentations, augmentImage } from "../transforms/augment.ts";
import {
  imagenetNormalization,
  normalizationTable,
  normalizePixels,
} from "../transforms/normalize.ts";
import type { Batch, BatchOptions, BatchSource, ImageDataset, Normalization } from "../types.ts";
import { shuffledOrder } from "./shuffle.ts";

export interface BatchSourceOptions {
  /** Per-channel constants. Default `imagenetNormalization`. */
  readonly normalization?: Normalization;
  /** Flip with probability 1/2, then crop with 4 pixels of black padding. Default false. */
  readonly augment?: boolean;
  /** A new order every epoch. Default false: the order of the data set. */
  readonly shuffle?: boolean;
  /** Decides order and augmentation. Integer, `0 <= seed < 2^53`. Default 0. */
  readonly seed?: number;
}

/**
 * Batches of normalised float32 images from a data set in memory.
 *
 * The order is a function of `(seed, epoch)` and the augmentation of `(seed, epoch, index)`, so
 * `startStep` reaches any step at once and gives the bits that a run from step 0 would have given.
 *
 * @throws OptionError when an option is out of range or the constants do not fit the channels
 */
export function batchSource(dataset: ImageDataset, options: BatchSourceOptions = {}): BatchSource {
  const {
    normalization = imagenetNormalization,
    augment = false,
    shuffle = false,
    seed = 0,
  } = options;
  checkInteger("seed", seed, 0);
  checkDataset(dataset);
  const { images, labels, shape } = dataset;
  const size = labels.length;
  const values = shape[0] * shape[1] * shape[2];
  const table = normalizationTable(normalization, shape[2]);

  let lastOrder: { epoch: number; order: Uint32Array } | undefined;
  const orderOf = (epoch: number): Uint32Array => {
    if (lastOrder?.epoch !== epoch) lastOrder = { epoch, order: shuffledOrder(size, seed, epoch) };
    return lastOrder.order;
  };

  function* generate(epoch: number, batchSize: number, startStep: number): Generator<Batch> {
    const order = shuffle ? orderOf(epoch) : undefined;
    const draw = augmentations(seed, epoch);
    const scratch = new Uint8Array(values);
    const augmented = new Uint8Array(values);
    for (let start = startStep * batchSize; start < size; start += batchSize) {
      const count = Math.min(batchSize, size - start);
      const batchImages = new Float32Array(count * values);
      const batchLabels = new Int32Array(count);
      for (let i = 0; i < count; i++) {
        const index = order?.[start + i] ?? start + i;
        let pixels = images.subarray(index * values, (index + 1) * values);
        if (augment) {
          augmentImage(pixels, shape, draw(index), scratch, augmented);
          pixels = augmented;
        }
        normalizePixels(pixels, table, batchImages, i * values);
        batchLabels[i] = labels[index]!;
      }
      yield { images: batchImages, labels: batchLabels, size: count };
    }
  }

  return {
    size,
    inputShape: [shape[0], shape[1], shape[2]],
    classes: dataset.classes.length,
    batches({ epoch, batchSize, startStep = 0 }: BatchOptions): Iterable<Batch> {
      checkInteger("epoch", epoch, 0, 0xffffffff);
      checkInteger("batchSize", batchSize, 1);
      checkInteger("startStep", startStep, 0);
      return { [Symbol.iterator]: () => generate(epoch, batchSize, startStep) };
    },
  };
}
