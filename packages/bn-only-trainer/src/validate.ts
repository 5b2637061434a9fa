import { show } from "@bn-only/errors";
import type { Network } from "@bn-only/frozen-layers";
import { assertNetwork, assertThat, hasMethods, isSize } from "./check.ts";
import { InvalidOptionError } from "./errors.ts";
import { isFinite } from "./finite.ts";
import type { Batch, BatchSource } from "./types.ts";

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
      `${which} data: size must be a whole number of images up to 2^31, got ${show(source.size)}.`,
    );
  }
  if (source.size < 1)
    throw new InvalidOptionError(`${which} data: expected at least one image, got none.`);
}

const MOST_IMAGES = 2147483648;

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

/**
 * Looks at lengths only, never at the numbers.
 *
 * @throws InvalidOptionError for what is no batch, and arrays of another length than said.
 */
function assertBatchForm(network: Network, batch: Batch): void {
  const { images, labels, size } = Object(batch) as Partial<Batch>;
  if (!isSize(size) || !isNumbers(images) || !isNumbers(labels)) {
    throw new InvalidOptionError(
      `batch: expected { images, labels, size } with arrays of numbers and at least one image, got images ` +
        `${show(images)}, labels ${show(labels)}, size ${show(size)}.`,
    );
  }
  const pixels = network.inputShape.reduce((product, length) => product * length, size!);
  if (images.length === pixels && labels.length === size) return;
  throw new InvalidOptionError(
    `batch: ${size} images need ${pixels} numbers and ${size} labels, got ${images.length} and ${labels.length}.`,
  );
}

/**
 * A batch as it is computed with. Images and labels may be any typed array or list of numbers, and are
 * taken as float32 and int32.
 *
 * @throws InvalidOptionError for a label that is no class, a pixel that is not finite, or arrays of another length than said.
 */
export function checkBatch(network: Network, batch: Batch): Batch {
  assertBatchForm(network, batch);
  const { images, labels, size } = batch;
  assertLabels(network, labels);
  const floats = images instanceof Float32Array ? images : floatsOf(images);
  if (floats === undefined || !isFinite(floats)) {
    const at = Array.prototype.findIndex.call(
      floats ?? images,
      (value: unknown) => !Number.isFinite(value),
    );
    throw new InvalidOptionError(
      `batch: number ${at} of the images is ${show(images[at])}, expected finite numbers. Mend the data, or leave the image out.`,
    );
  }
  const classes = labels instanceof Int32Array ? labels : Int32Array.from(labels);
  return { images: floats, labels: classes, size };
}

/** Undefined for a list of which a member is no number: what JavaScript makes of it would be a pixel. */
function floatsOf(images: ArrayLike<unknown>): Float32Array | undefined {
  const fits = !Array.isArray(images) || images.every((value) => typeof value === "number");
  return fits ? Float32Array.from(images as ArrayLike<number>) : undefined;
}

/** @throws InvalidOptionError for a label that is no class of the network. */
function assertLabels(network: Network, labels: ArrayLike<unknown>): void {
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i];
    if (Number.isInteger(label) && (label as number) >= 0 && (label as number) < network.classes) {
      continue;
    }
    throw new InvalidOptionError(
      `batch: the label ${show(label)} is none of the ${network.classes} classes of ${network.name}. ` +
        `Labels are whole numbers and count from 0.`,
    );
  }
}

function isNumbers(value: unknown): value is Float32Array | Int32Array {
  if (Array.isArray(value)) return true;
  return (
    ArrayBuffer.isView(value) &&
    !(value instanceof DataView) &&
    !(value instanceof BigInt64Array) &&
    !(value instanceof BigUint64Array)
  );
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
export function assertDelivered(size: number, images: number, epoch: number): void {
  if (images === size) return;
  throw new InvalidOptionError(
    `data: the source says that it has ${size} images and delivered ${images < size ? "" : "at least "}${images} in epoch ${epoch + 1}. ` +
      `Its batches() must give all of them every time it is called.`,
  );
}
