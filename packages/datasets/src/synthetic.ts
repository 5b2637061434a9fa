import { allocate } from "./allocate.ts";
import { numberedClasses } from "./arrays.ts";
import { checkInteger, checkOptions } from "./check.ts";
import { checkShape } from "./check-dataset.ts";
import { labelArray } from "./labels.ts";
import { boundedInteger, randomStream } from "./random/stream.ts";
import type { DatasetSplits, ImageDataset, ImageShape, Labels } from "./types.ts";

/** Options of `synthetic`. Both splits are drawn from the same class patterns. */
export interface SyntheticOptions {
  /** Training images. Default 2000. */
  readonly trainSize?: number | undefined;
  /** Test images. Default 500. */
  readonly testSize?: number | undefined;
  /** Shape of one image: height, width, channels. Default `[32, 32, 3]`, as CIFAR-10. */
  readonly shape?: ImageShape | undefined;
  /** Number of classes, 1 to 65,536. Default 10. */
  readonly classes?: number | undefined;
  /** Decides patterns and noise. Integer, `0 <= seed < 2^53`. Default 0. */
  readonly seed?: number | undefined;
}

/** Side of the coarse grid behind a class pattern. */
const gridSide = 4;

/**
 * Learnable images from a seed, without network or files. Every class is a smooth random pattern (a
 * 4x4 grid of random colours around a random base colour, interpolated bilinearly); an image is
 * its class pattern at a random contrast and brightness, cyclically moved by up to an eighth of its
 * side, with uniform noise of +-48 per value. Classes take turns: label `i mod classes`.
 *
 * Integer arithmetic only, so a seed gives the same bytes everywhere.
 *
 * @throws OptionError when an option is out of range, or the images do not fit into memory
 */
export function synthetic(options: SyntheticOptions = {}): DatasetSplits {
  checkOptions("synthetic", options, {
    trainSize: true,
    testSize: true,
    shape: true,
    classes: true,
    seed: true,
  });
  const { trainSize = 2000, testSize = 500, shape = [32, 32, 3], classes = 10, seed = 0 } = options;
  checkInteger("trainSize", trainSize, 1);
  checkInteger("testSize", testSize, 1);
  checkInteger("classes", classes, 1, 65_536);
  checkInteger("seed", seed, 0);
  checkShape(shape);
  const patternOf = classPatterns(seed, classes, shape);
  const names = numberedClasses(classes);
  const split = (option: "trainSize" | "testSize", count: number, epoch: number): ImageDataset => ({
    name: "synthetic",
    ...allocate(option, () => drawImages(count, seed, epoch, shape, classes, patternOf), {
      content: `${count} images of ${shape.join("x")}`,
      advice: "Ask for fewer or smaller ones.",
    }),
    shape: [shape[0], shape[1], shape[2]],
    classes: names,
  });
  return { train: split("trainSize", trainSize, 0), test: split("testSize", testSize, 1) };
}

/** Makes the pattern of a class when it is first asked for: there may be many, and large ones. */
function classPatterns(
  seed: number,
  classes: number,
  shape: ImageShape,
): (label: number) => Uint8Array {
  const patterns: (Uint8Array | undefined)[] = Array.from({ length: classes }, () => undefined);
  return (label) => (patterns[label] ??= classPattern(seed, label, shape));
}

/** One class: `[height, width, channels]`, bilinear between random grid colours, 0 to 255. */
function classPattern(
  seed: number,
  label: number,
  [height, width, channels]: readonly [number, number, number],
): Uint8Array {
  const stream = randomStream(seed, "pattern", label);
  const words = new Uint32Array(4);
  const word = (i: number): number => {
    stream.read(i >>> 2, words);
    return words[i & 3]!;
  };
  const cells = gridSide * gridSide * channels;
  const grid = Array.from({ length: cells }, (_, i) => {
    const base = boundedInteger(word(cells + (i % channels)), 128);
    return base + boundedInteger(word(i), 128);
  });
  const pattern = new Uint8Array(height * width * channels);
  for (let y = 0; y < height; y++) {
    const row = Math.floor((y * gridSide) / height);
    const rowWeight = y * gridSide - row * height;
    const below = (row + 1) % gridSide;
    for (let x = 0; x < width; x++) {
      const column = Math.floor((x * gridSide) / width);
      const columnWeight = x * gridSide - column * width;
      const right = (column + 1) % gridSide;
      for (let c = 0; c < channels; c++) {
        const cell = (r: number, k: number): number => grid[(r * gridSide + k) * channels + c]!;
        const top = cell(row, column) * (width - columnWeight) + cell(row, right) * columnWeight;
        const bottom =
          cell(below, column) * (width - columnWeight) + cell(below, right) * columnWeight;
        pattern[(y * width + x) * channels + c] = Math.floor(
          (top * (height - rowWeight) + bottom * rowWeight) / (width * height),
        );
      }
    }
  }
  return pattern;
}

function drawImages(
  count: number,
  seed: number,
  epoch: number,
  [height, width, channels]: readonly [number, number, number],
  classes: number,
  patternOf: (label: number) => Uint8Array,
): { images: Uint8Array; labels: Labels } {
  const values = height * width * channels;
  const blocks = Math.ceil(values / 16) + 1;
  const images = new Uint8Array(count * values);
  const labels = labelArray(count, classes);
  const stream = randomStream(seed, "sample", epoch);
  const words = new Uint32Array(4);
  for (let n = 0; n < count; n++) {
    const label = n % classes;
    const pattern = patternOf(label);
    labels[n] = label;
    stream.read(n * blocks, words);
    const moveY = boundedInteger(words[0]!, 2 * (height >>> 3) + 1) + height - (height >>> 3);
    const moveX = boundedInteger(words[1]!, 2 * (width >>> 3) + 1) + width - (width >>> 3);
    const contrast = 192 + boundedInteger(words[2]!, 129);
    const brightness = boundedInteger(words[3]!, 41) - 20;
    for (let i = 0; i < values; i++) {
      if ((i & 15) === 0) stream.read(n * blocks + 1 + (i >>> 4), words);
      const pixel = Math.floor(i / channels);
      const y = (Math.floor(pixel / width) + moveY) % height;
      const x = ((pixel % width) + moveX) % width;
      const value = pattern[(y * width + x) * channels + (i % channels)]!;
      const shown = 128 + (((value - 128) * contrast) >> 8) + brightness;
      const noise = (words[(i >>> 2) & 3]! >>> (8 * (i & 3))) & 0xff;
      const grain = ((noise * 97) >>> 8) - 48;
      images[n * values + i] = Math.max(0, Math.min(255, shown + grain));
    }
  }
  return { images, labels };
}
