import { checkInteger } from "../check.ts";
import { checkDataset } from "../check-dataset.ts";
import { OptionError } from "../errors.ts";
import { cifarAugmentation } from "../transforms/cifar-augmentation.ts";
import {
  defaultNormalization,
  normalizationTable,
  normalizePixels,
} from "../transforms/normalize.ts";
import { pipeline, shapeAfter } from "../transforms/pipeline.ts";
import type { Transform } from "../transforms/transform.ts";
import { transformRandom } from "../transforms/transform-random.ts";
import type { Batch, BatchOptions, BatchSource, ImageDataset, Normalization } from "../types.ts";
import { epochOrders } from "./shuffle.ts";

export interface BatchSourceOptions {
  /**
   * Per-channel constants. Default: the data set's own, else `imagenetNormalization` for three
   * channels and `greyNormalization` for one.
   */
  readonly normalization?: Normalization;
  /** What happens to every image before it is normalised, in order. Default: nothing. */
  readonly transforms?: readonly Transform[];
  /** Short for `transforms: cifarAugmentation`. Default false. */
  readonly augment?: boolean;
  /** A new order every epoch. Default false: the order of the data set. */
  readonly shuffle?: boolean;
  /** Decides order and transforms. Integer, `0 <= seed < 2^53`. Default 0. */
  readonly seed?: number;
}

/**
 * Batches of normalised float32 images from a data set in memory.
 *
 * The order is a function of `(seed, epoch)` and what the transforms do of `(seed, epoch, index)`, so
 * `startStep` reaches any step at once and gives the bits that a run from step 0 would have given.
 *
 * @throws OptionError when an option is out of range or the constants do not fit the channels
 */
export function batchSource(dataset: ImageDataset, options: BatchSourceOptions = {}): BatchSource {
  const { shuffle = false, seed = 0 } = options;
  checkInteger("seed", seed, 0);
  checkDataset(dataset);
  const { images, labels, shape } = dataset;
  const size = labels.length;
  const pixels = shape[0] * shape[1] * shape[2];
  const transforms = transformsOf(options);
  const inputShape = shapeAfter(transforms, shape);
  const values = inputShape[0] * inputShape[1] * inputShape[2];
  const table = normalizationTable(
    options.normalization ?? dataset.normalization ?? defaultNormalization(inputShape[2]),
    inputShape[2],
  );
  const orderOf = epochOrders(size, seed, shuffle);

  function* generate(epoch: number, batchSize: number, startStep: number): Generator<Batch> {
    const order = orderOf(epoch);
    const randomOf = transformRandom(seed, epoch);
    const transform = pipeline(transforms);
    for (let start = startStep * batchSize; start < size; start += batchSize) {
      const count = Math.min(batchSize, size - start);
      const batchImages = new Float32Array(count * values);
      const batchLabels = new Int32Array(count);
      for (let i = 0; i < count; i++) {
        const index = order(start + i);
        const image = images.subarray(index * pixels, (index + 1) * pixels);
        const result = transform({ pixels: image, shape }, randomOf(index));
        normalizePixels(result.pixels, table, batchImages, i * values);
        batchLabels[i] = labels[index]!;
      }
      yield { images: batchImages, labels: batchLabels, size: count };
    }
  }

  return {
    size,
    inputShape,
    classes: dataset.classes.length,
    batches(request: BatchOptions): Iterable<Batch> {
      const { epoch, batchSize, startStep } = checkBatchOptions(request);
      return { [Symbol.iterator]: () => generate(epoch, batchSize, startStep) };
    },
  };
}

/** @throws OptionError when `augment` and `transforms` are given together, or one is no transform */
export function transformsOf({ transforms, augment }: BatchSourceOptions): readonly Transform[] {
  if (augment !== true) {
    for (const [position, transform] of (transforms ?? []).entries()) {
      if (typeof transform?.outputShape === "function" && typeof transform.apply === "function") {
        continue;
      }
      throw new OptionError(
        "transforms",
        `transforms: expected { name, outputShape, apply }, got ${String(transform)} at ${position}.`,
      );
    }
    return transforms ?? [];
  }
  if (transforms === undefined) return cifarAugmentation;
  throw new OptionError(
    "augment",
    "augment: expected either augment or transforms, got both. " +
      "Put ...cifarAugmentation into the transforms.",
  );
}

/** @throws OptionError when an option is out of range */
export function checkBatchOptions(request: BatchOptions): Required<BatchOptions> {
  const { epoch, batchSize, startStep = 0 } = request;
  checkInteger("epoch", epoch, 0, 0xffffffff);
  checkInteger("batchSize", batchSize, 1);
  checkInteger("startStep", startStep, 0);
  return { epoch, batchSize, startStep };
}
