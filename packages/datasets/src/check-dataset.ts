import { show } from "@bn-only/errors";
import { checkFlag, checkInteger, checkText, checkThat } from "./check.ts";
import { OptionError } from "./errors.ts";
import type {
  AnyImageDataset,
  DatasetDescription,
  ImageDataset,
  ImageFileDataset,
  ImageShape,
} from "./types.ts";

/** Longest side of an image. */
const longestSide = 65_535;

/** @throws OptionError unless height, width and channels are positive integers */
export function checkShape(shape: ImageShape): void {
  if (!Array.isArray(shape) || shape.length !== 3) {
    throw new OptionError(
      "shape",
      `shape: expected [height, width, channels], got ${show(shape)}.`,
    );
  }
  for (const [axis, name] of ["height", "width", "channels"].entries()) {
    checkInteger(`shape ${name}`, shape[axis]!, 1, longestSide);
  }
}

/** @throws OptionError when it has no labels, as the pair of both splits has none */
export function checkIsDataset(dataset: AnyImageDataset): void {
  const { name, labels, classes } = Object(dataset) as Partial<AnyImageDataset>;
  if (!isLabels(labels) || !Array.isArray(classes)) {
    throw new OptionError(
      "dataset",
      "dataset: expected one split with labels in a typed array of integers and class names, " +
        `got ${show(dataset)}. Pass data.train or data.test.`,
    );
  }
  checkText("dataset: name", name);
  checkClasses(classes);
}

function isLabels(value: unknown): boolean {
  return [Uint8Array, Uint16Array, Int32Array].some((kind) => value instanceof kind);
}

/** @throws OptionError unless they are a list of names */
export function checkClasses(classes: unknown): void {
  const fits = Array.isArray(classes) && classes.every((name) => typeof name === "string");
  checkThat(fits, "classes", "class names, or their number", classes);
}

/** @throws OptionError when paths, labels, shape and classes do not fit each other */
export function checkFiles(dataset: ImageFileDataset): void {
  checkIsDataset(dataset);
  const { name, files, labels, shape, fitted } = dataset;
  checkShape(shape);
  checkLabels(dataset);
  if (shape[2] !== 1 && shape[2] !== 3) {
    throw new OptionError(
      "shape",
      `${name}: expected 1 or 3 channels of images on disk, got ${shape[2]}.`,
    );
  }
  const isPath = (file: unknown): boolean => typeof file === "string" && !file.includes("\0");
  checkThat(Array.isArray(files) && files.every(isPath), "dataset: files", "paths", files);
  checkFlag("dataset: fitted", fitted);
  if (files.length !== labels.length) {
    throw new OptionError(
      "dataset",
      `${name}: expected a file for each of ${labels.length} labels, got ${files.length}.`,
    );
  }
}

/** What is wrong with images that are no bytes, and how to make bytes of them. */
export function pixelFault(images: unknown): string {
  const expected = "expected pixels as bytes from 0 to 255, in a Uint8Array";
  if (!(images instanceof Float32Array || images instanceof Float64Array)) {
    return `${expected} or Uint8ClampedArray, got ${show(images)}.`;
  }
  let [least, largest] = [0, 0];
  for (const value of images) {
    least = Math.min(least, value);
    largest = Math.max(largest, value);
  }
  if (!(least >= 0 && largest <= 255)) {
    return `${expected}, got floating-point numbers, ${least} to ${largest}. Undo what normalised them first; batchSource normalises.`;
  }
  const [range, scale] = largest <= 1 ? ["0 to 1", "value * 255"] : [`up to ${largest}`, "value"];
  return (
    `${expected}, got floating-point numbers, ${range}. ` +
    `Make Uint8Array.from(images, (value) => Math.round(${scale})) of them; batchSource normalises.`
  );
}

/** @throws OptionError when images, labels, shape and classes do not fit each other */
export function checkDataset(dataset: ImageDataset): void {
  checkIsDataset(dataset);
  const { name, images, labels, shape } = dataset;
  checkShape(shape);
  if (!(images instanceof Uint8Array)) {
    throw new OptionError("images", `${name}: ${pixelFault(images)}`);
  }
  const expected = labels.length * shape[0] * shape[1] * shape[2];
  if (images.length !== expected) {
    throw new OptionError(
      "dataset",
      `${name}: expected ${expected} pixel values for ${labels.length} images of ` +
        `[${shape.join(", ")}], got ${images.length}.`,
    );
  }
  checkLabels(dataset);
}

/** @throws OptionError when there are no images, no classes, or a label that names no class */
function checkLabels({ name, labels, classes }: DatasetDescription): void {
  if (labels.length === 0) throw new OptionError("dataset", `${name}: expected images, got none.`);
  if (classes.length === 0) {
    throw new OptionError("classes", `${name}: expected class names, got none.`);
  }
  const wrong = labels.findIndex((label) => label < 0 || label >= classes.length);
  if (wrong !== -1) {
    throw new OptionError(
      "labels",
      `${name}: expected labels from 0 to ${classes.length - 1} for ${classes.length} classes, ` +
        `got ${labels[wrong]} for image ${wrong}.`,
    );
  }
}
