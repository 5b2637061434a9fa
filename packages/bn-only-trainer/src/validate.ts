import { show } from "@bn-only/errors";
import type { Network } from "@bn-only/frozen-layers";
import { assertNetwork, assertThat, hasMethods, isSize } from "./check.ts";
import { diverged, InvalidOptionError } from "./errors.ts";
import type { Batch, BatchRequest, BatchSource } from "./types.ts";

/** @throws InvalidOptionError when the data are not of the network's shape and classes, or empty. */
export function assertSource(network: Network, source: BatchSource, which: string): void {
  assertNetwork(`${which} data`, network);
  assertSourceForm(which, source);
  const expected = network.inputShape.join("x");
  const actual = source.inputShape.join("x");
  if (actual !== expected) {
    throw new InvalidOptionError(
      `${which} data: ${network.name} expects images of ${expected}, the data have ${actual}. ` +
        `Create the network with that inputShape, or choose other data.`,
    );
  }
  if (source.classes > network.classes) {
    throw new InvalidOptionError(
      `${which} data: they have ${source.classes} classes, ${network.name} has ${network.classes}. ` +
        `Create the network with { classes: ${source.classes} }.`,
    );
  }
  if (!Number.isSafeInteger(source.size) || source.size > MOST_IMAGES) {
    throw new InvalidOptionError(
      `${which} data: size must be a whole number of images, at most 2^31, got ${show(source.size)}.`,
    );
  }
  if (source.size < 1)
    throw new InvalidOptionError(`${which} data: expected at least one image, got none.`);
}

const MOST_IMAGES = 2 ** 31;

/**
 * The batches of a source.
 *
 * @throws InvalidOptionError when it gives none to iterate over.
 */
export function batchesOf(
  source: BatchSource,
  request: BatchRequest,
): Iterable<Batch> | AsyncIterable<Batch> {
  const batches: unknown = source.batches(request);
  const symbols = [Symbol.iterator, Symbol.asyncIterator];
  const fits = symbols.some((symbol) => typeof Object(batches)[symbol] === "function");
  assertThat(fits, "data: what batches() returns", "iterable, by for await", batches);
  return batches as Iterable<Batch>;
}

/** What the compiler would say of a source, for those who have none. */
function assertSourceForm(which: string, source: unknown): void {
  const { inputShape, classes } = Object(source) as Partial<BatchSource>;
  const fits =
    hasMethods(source, "batches") &&
    Array.isArray(inputShape) &&
    inputShape.every(isSize) &&
    isSize(classes);
  const expected = "a source { size, inputShape, classes, batches() }, such as batchSource() gives";
  assertThat(fits, `${which} data`, expected, source);
}

function assertArray(subject: string, value: unknown, kind: Function): void {
  assertThat(value instanceof kind, subject, `a ${kind.name}`, value);
}

/** @throws InvalidOptionError for a label that is no class, or arrays of another length than said. */
export function assertBatch(network: Network, batch: Batch): void {
  const { images, labels, size } = Object(batch) as Batch;
  assertArray("batch: images", images, Float32Array);
  const isList = Array.isArray(labels) || ArrayBuffer.isView(labels);
  assertThat(isList, "batch: labels", "an Int32Array", labels);
  if (!isSize(size)) {
    throw new InvalidOptionError(`batch: size must be a whole number from 1, got ${show(size)}.`);
  }
  const pixels = network.inputShape.reduce((product, length) => product * length, size);
  if (images.length !== pixels || labels.length !== size) {
    throw new InvalidOptionError(
      `batch: ${size} images need ${pixels} numbers and ${size} labels, got ${images.length} and ${labels.length}.`,
    );
  }
  for (const label of labels) {
    if (!(Number.isInteger(label) && label >= 0 && label < network.classes)) {
      throw new InvalidOptionError(
        `batch: the label ${show(label)} is none of the ${network.classes} classes of ${network.name}. ` +
          `Labels count from 0.`,
      );
    }
  }
}

/** @throws InvalidOptionError unless a batch has the size that it must have for a run to be continued. */
export function assertBatchSize({ size }: Batch, expected: number): void {
  if (size === expected) return;
  throw new InvalidOptionError(
    `batch: expected ${expected} images, got ${size}. batches({ batchSize }) must give batches of that size, but for the last.`,
  );
}

/** @throws InvalidOptionError unless a schedule gave a number from 0. */
export function assertLearningRate(learningRate: number, step: number): number {
  if (Number.isFinite(learningRate) && learningRate >= 0) return learningRate;
  throw new InvalidOptionError(
    `train: the schedule gave ${show(learningRate)} as the learning rate of step ${step + 1}, expected a number from 0.`,
  );
}

/** @throws InvalidOptionError when a source gave more or fewer images than it said. */
export function assertDelivered(source: BatchSource, images: number, epoch: number): void {
  if (images === source.size) return;
  throw new InvalidOptionError(
    `data: the source says that it has ${source.size} images and delivered ${images} in epoch ${epoch + 1}. ` +
      `Its batches() must give all of them every time it is called.`,
  );
}

/**
 * The loss alone does not tell: some backends' ReLU makes 0 of NaN.
 *
 * @throws DivergedError that names the first tensor with a value that is not finite.
 */
export async function assertFinite(
  network: Network,
  step: number,
  learningRate: number,
): Promise<void> {
  for (const { path, value } of [...network.trainable, ...network.buffers]) {
    if ((await value.data<"float32">()).every(Number.isFinite)) continue;
    throw diverged(`"${path}" holds a value that is not finite after`, step, learningRate);
  }
}
