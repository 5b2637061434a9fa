import { checkFiles } from "../check-dataset.ts";
import { needNode } from "../environment.ts";
import { DatasetError } from "../errors.ts";
import { cover } from "../transforms/cover.ts";
import { defaultNormalization, normalizationTable } from "../transforms/normalize.ts";
import { shapeAfter } from "../transforms/pipeline.ts";
import type { Batch, BatchOptions, FileBatchSource, ImageFileDataset } from "../types.ts";
import { checkBatchOptions, transformsOf } from "./batch-options.ts";
import { batchImages } from "./batch-images.ts";
import type { BatchSourceOptions } from "./batch-options.ts";
import { epochOrders } from "./shuffle.ts";

/** Batches that are read before they are asked for. */
const ahead = 2;

/** Most threads that are started without being asked for. */
const mostThreads = 4;

/** Batches of images that are read from disk when they are needed. */
export function fileBatchSource(
  dataset: ImageFileDataset,
  options: BatchSourceOptions,
): FileBatchSource {
  const { shuffle = false, seed = 0, signal, threads } = options;
  checkFiles(dataset);
  const { files, labels, shape } = dataset;
  const own = transformsOf(options);
  const fitted = dataset.fitted && own[0]?.anySize !== true;
  const transforms = fitted ? [cover({ size: [shape[0], shape[1]] }), ...own] : own;
  const channels: 1 | 3 = shape[2] === 1 ? 1 : 3;
  const inputShape = shapeAfter(transforms, shape);
  const normalization =
    options.normalization ?? dataset.normalization ?? defaultNormalization(inputShape[2]);
  normalizationTable(normalization, inputShape[2]);
  const orderOf = epochOrders(files.length, seed, shuffle);
  const values = inputShape[0] * inputShape[1] * inputShape[2];

  async function* generate(
    epoch: number,
    batchSize: number,
    startStep: number,
  ): AsyncGenerator<Batch, void, undefined> {
    signal?.throwIfAborted();
    const node = needNode("batchSource");
    const { openSliceReader } = await node.sliceReader();
    const count = threads ?? defaultThreads((await node.os()).availableParallelism());
    const order = orderOf(epoch);
    const settings = { seed, channels, inputShape, normalization };
    const reader = openSliceReader(settings, transforms, count);
    const abort = (): void => reader.close(signal?.reason);
    signal?.addEventListener("abort", abort, { once: true });

    const load = async (start: number): Promise<Batch> => {
      const size = Math.min(batchSize, files.length - start);
      const images = batchImages(size, inputShape);
      const indices = Array.from({ length: size }, (_, i) => order(start + i));
      const share = Math.ceil(size / Math.max(1, count));
      const slices: Promise<void>[] = [];
      for (let first = 0; first < size; first += share) {
        const part = indices.slice(first, first + share);
        const slice = { epoch, indices: part, files: part.map((index) => files[index]!) };
        slices.push(reader.read(slice).then((result) => images.set(result, first * values)));
      }
      await Promise.all(slices);
      return { images, labels: Int32Array.from(indices, (index) => labels[index]!), size };
    };
    const queue: Promise<Batch>[] = [];
    try {
      for (let start = startStep * batchSize; start < files.length || queue.length > 0;) {
        while (queue.length < (count === 0 ? 1 : ahead) && start < files.length) {
          const batch = load(start);
          // Told when its turn comes, unless the loop has been left by then.
          batch.catch(() => undefined);
          queue.push(batch);
          start += batchSize;
        }
        const batch = await queue.shift()!;
        signal?.throwIfAborted();
        yield batch;
      }
    } finally {
      signal?.removeEventListener("abort", abort);
      reader.close(new DatasetError(`${dataset.name}: the loop over the batches was left.`));
    }
  }

  return {
    size: files.length,
    inputShape,
    classes: dataset.classes.length,
    normalization,
    batches(request: BatchOptions): AsyncIterable<Batch> {
      const { epoch, batchSize, startStep } = checkBatchOptions(request);
      return { [Symbol.asyncIterator]: () => generate(epoch, batchSize, startStep) };
    },
  };
}

function defaultThreads(cores: number): number {
  return Math.max(1, Math.min(mostThreads, cores - 1));
}
