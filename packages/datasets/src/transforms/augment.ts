import { boundedInteger, randomStream } from "../random/stream.ts";
import { cropWithPadding } from "./crop.ts";
import { flipHorizontally } from "./flip.ts";

/** Black pixels added on every side before the crop. */
export const cropPadding = 4;

/** What happens to one image in one epoch. */
export interface Augmentation {
  readonly flip: boolean;
  /** First row of the crop in the padded image, 0 to 8. */
  readonly top: number;
  /** First column of the crop in the padded image, 0 to 8. */
  readonly left: number;
}

/**
 * Draws the augmentation of one image from `(seed, epoch, index)`: `flip` with probability 1/2, then
 * `top` and `left` uniform in 0..8. Words 0, 1 and 2 of block `index` of the `augmentation` stream,
 * so neither the order of the images nor the worker that makes them matters.
 */
export function augmentations(seed: number, epoch: number): (index: number) => Augmentation {
  const stream = randomStream(seed, "augmentation", epoch);
  const words = new Uint32Array(4);
  return (index) => {
    stream.read(index, words);
    return {
      flip: words[0]! >>> 31 === 1,
      top: boundedInteger(words[1]!, 2 * cropPadding + 1),
      left: boundedInteger(words[2]!, 2 * cropPadding + 1),
    };
  };
}

/**
 * Flips, then crops with 4 pixels of black padding, on bytes: He et al. 2015, section 4.2
 * (https://arxiv.org/abs/1512.03385). The two do not commute bit for bit, so the order is fixed.
 *
 * @param image `[height, width, channels]`
 * @param scratch same size; overwritten
 * @param target same size; receives the result
 */
export function augmentImage(
  image: Uint8Array,
  shape: readonly [number, number, number],
  augmentation: Augmentation,
  scratch: Uint8Array,
  target: Uint8Array,
): void {
  let source = image;
  if (augmentation.flip) {
    flipHorizontally(image, shape, scratch);
    source = scratch;
  }
  cropWithPadding(source, shape, cropPadding, augmentation.top, augmentation.left, target);
}
