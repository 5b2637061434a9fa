import { show } from "@bn-only/errors";
import { checkInteger, checkOptions, checkText, checkThat } from "./check.ts";
import { checkClasses, checkDataset, checkShape, pixelFault } from "./check-dataset.ts";
import { OptionError } from "./errors.ts";
import { labelArray } from "./labels.ts";
import { normalizationTable } from "./transforms/normalize.ts";
import type { ImageDataset, ImageShape, Labels, Normalization } from "./types.ts";

/** Images and labels in memory, of which `arrays` makes a split. */
export interface ArraysOptions {
  /** `[count, height, width, channels]`, one byte per value. */
  readonly images: Uint8Array | Uint8ClampedArray;
  /** `[count]`, each an index into `classes`. */
  readonly labels: ArrayLike<number>;
  /** Shape of one image. */
  readonly shape: ImageShape;
  /** Class names in label order, or their number: then they are named "class 0" and so on. */
  readonly classes: readonly string[] | number;
  /** Named in messages and reports. Default `"arrays"`. */
  readonly name?: string | undefined;
  /** Default: ImageNet's constants, by the number of channels. */
  readonly normalization?: Normalization | undefined;
}

/**
 * A split of a data set from arrays that are already in memory. Images are not copied, labels are.
 *
 * @throws OptionError when images, labels, shape and classes do not fit each other
 */
export function arrays(options: ArraysOptions): ImageDataset {
  checkOptions("arrays", options, {
    images: true,
    labels: true,
    shape: true,
    classes: true,
    name: true,
    normalization: true,
  });
  const { images, labels, shape, name = "arrays", normalization } = options;
  checkText("name", name);
  if (!(images instanceof Uint8Array || images instanceof Uint8ClampedArray)) {
    throw new OptionError("images", `images: ${pixelFault(images)}`);
  }
  checkShape(shape);
  if (normalization !== undefined) normalizationTable(normalization, shape[2]);
  checkThat(isList(labels), "labels", "a list or typed array of integers", labels);
  const classes =
    typeof options.classes === "number" ? numberedClasses(options.classes) : options.classes;
  checkClasses(classes);
  const dataset = {
    name,
    images: new Uint8Array(images.buffer as ArrayBuffer, images.byteOffset, images.length),
    labels: checkedLabels(name, labels, classes.length),
    shape: [shape[0], shape[1], shape[2]] as const,
    classes,
    ...(normalization === undefined ? {} : { normalization }),
  };
  checkDataset(dataset);
  return dataset;
}

/** "class 0", "class 1" and so on. */
export function numberedClasses(count: number): string[] {
  checkInteger("classes", count, 1, 1_000_000);
  return Array.from({ length: count }, (_, label) => `class ${label}`);
}

function isList(value: unknown): boolean {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

/** Checked before they are stored, because an integer array would round or wrap them. */
function checkedLabels(name: string, labels: ArrayLike<number>, classes: number): Labels {
  const result = labelArray(labels.length, classes);
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i];
    if (!Number.isInteger(label) || label! < 0 || label! >= classes) {
      throw new OptionError(
        "labels",
        `${name}: expected integer labels from 0 to ${classes - 1}, ` +
          `got ${show(label)} for image ${i}.`,
      );
    }
    result[i] = label!;
  }
  return result;
}
