import { checkDataset, checkIsDataset } from "../check-dataset.ts";
import {
  defaultNormalization,
  normalizationTable,
  normalizePixels,
} from "../transforms/normalize.ts";
import { pipeline, shapeAfter } from "../transforms/pipeline.ts";
import { transformRandom } from "../transforms/transform-random.ts";
import type {
  AnyImageDataset,
  Batch,
  BatchOptions,
  BatchSource,
  FileBatchSource,
  ImageDataset,
  ImageFileDataset,
} from "../types.ts";
import { batchImages } from "./batch-images.ts";
import { checkBatchOptions, checkSourceOptions, transformsOf } from "./batch-options.ts";
import type { BatchSourceOptions } from "./batch-options.ts";
import { fileBatchSource } from "./file-batch-source.ts";
import { epochOrders } from "./shuffle.ts";

/**
 * Batches of normalised float32 images from a data set in memory or on disk.
 *
 * The order is a function of `(seed, epoch)` and what the transforms do of `(seed, epoch, index)`, so
 * `startStep` reaches any step at once and gives the bits that a run from step 0 would have given.
 *
 * @throws OptionError when an option is out of range or the constants do not fit the channels
 */
export function batchSource(dataset: ImageDataset, options?: BatchSourceOptions): BatchSource;
export function batchSource(
  dataset: ImageFileDataset,
  options?: BatchSourceOptions,
): FileBatchSource;
export function batchSource(
  dataset: AnyImageDataset,
  options?: BatchSourceOptions,
): BatchSource | FileBatchSource;
export function batchSource(
  dataset: AnyImageDataset,
  options: BatchSourceOptions = {},
): BatchSource | FileBatchSource {
  checkIsDataset(dataset);
  checkSourceOptions(options);
  return "files" in dataset
    ? fileBatchSource(dataset, options)
    : memoryBatchSource(dataset, options);
}

function memoryBatchSource(dataset: ImageDataset, options: BatchSourceOptions): BatchSource {
  const { shuffle = false, seed = 0 } = options;
  checkDataset(dataset);
  const { images, labels, shape } = dataset;
  const size = labels.length;
  const pixels = shape[0] * shape[1] * shape[2];
  const transforms = transformsOf(options);
  const inputShape = shapeAfter(transforms, shape);
  const values = inputShape[0] * inputShape[1] * inputShape[2];
  const normalization =
    options.normalization ?? dataset.normalization ?? defaultNormalization(inputShape[2]);
  const table = normalizationTable(normalization, inputShape[2]);
  const orderOf = epochOrders(size, seed, shuffle);

  function* generate(epoch: number, batchSize: number, startStep: number): Generator<Batch> {
    const order = orderOf(epoch);
    const randomOf = transformRandom(seed, epoch);
    const transform = pipeline(transforms);
    for (let start = startStep * batchSize; start < size; start += batchSize) {
      const count = Math.min(batchSize, size - start);
      const result = batchImages(count, inputShape);
      const batchLabels = new Int32Array(count);
      for (let i = 0; i < count; i++) {
        const index = order(start + i);
        const image = images.subarray(index * pixels, (index + 1) * pixels);
        const { pixels: transformed } = transform({ pixels: image, shape }, randomOf(index));
        normalizePixels(transformed, table, result, i * values);
        batchLabels[i] = labels[index]!;
      }
      yield { images: result, labels: batchLabels, size: count };
    }
  }

  return {
    size,
    inputShape,
    classes: dataset.classes.length,
    normalization,
    batches(request: BatchOptions): Iterable<Batch> {
      const { epoch, batchSize, startStep } = checkBatchOptions(request);
      return { [Symbol.iterator]: () => generate(epoch, batchSize, startStep) };
    },
  };
}
