import { checkInteger } from "./check.ts";
import { OptionError } from "./errors.ts";
import type { DatasetDescription, ImageDataset, ImageShape } from "./types.ts";

/** Longest side of an image. */
const longestSide = 65_535;

/** @throws OptionError unless height, width and channels are positive integers */
export function checkShape(shape: ImageShape): void {
  if (shape.length !== 3) {
    throw new OptionError(
      "shape",
      `shape: expected [height, width, channels], got [${shape.join(", ")}].`,
    );
  }
  for (const [axis, name] of ["height", "width", "channels"].entries()) {
    checkInteger(`shape ${name}`, shape[axis]!, 1, longestSide);
  }
}

/** @throws OptionError when images, labels, shape and classes do not fit each other */
export function checkDataset(dataset: ImageDataset): void {
  const { name, images, labels, shape } = dataset;
  checkShape(shape);
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
export function checkLabels({ name, labels, classes }: DatasetDescription): void {
  if (labels.length === 0) throw new OptionError("dataset", `${name}: expected images, got none.`);
  if (classes.length === 0) throw new OptionError("classes", `${name}: expected class names.`);
  const wrong = labels.findIndex((label) => label < 0 || label >= classes.length);
  if (wrong !== -1) {
    throw new OptionError(
      "labels",
      `${name}: expected labels from 0 to ${classes.length - 1} for ${classes.length} classes, ` +
        `got ${labels[wrong]} for image ${wrong}.`,
    );
  }
}
