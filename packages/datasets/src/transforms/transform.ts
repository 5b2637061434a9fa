import type { ImageShape } from "../types.ts";

/** Pixels of one image, `[height, width, channels]`, one byte per value. */
export interface Image {
  readonly pixels: Uint8Array;
  readonly shape: ImageShape;
}

/**
 * Random words of one image in one epoch, in order: a pure function of `(seed, epoch, index)`, so
 * neither the order of the images nor the thread that makes them matters.
 */
export interface TransformRandom {
  /** A uniform 32-bit word, 0 to 2^32 - 1. */
  word(): number;
  /** A uniform integer from 0 to `bound - 1`, from one word; `bound <= 2^21`. */
  integer(bound: number): number;
}

/**
 * One step between the pixels of a data set and a batch.
 *
 * `apply` writes every value of `target`, whose shape is `outputShape(image.shape)`, and changes
 * nothing else: not `image`, and no state of its own. Whatever is random comes from `random`. Words
 * are handed out in the order in which the transforms of a list ask for them.
 */
export interface Transform {
  /** Named in messages. */
  readonly name: string;
  /** True when it takes images of any size, which a folder may hold. Default false. */
  readonly anySize?: boolean;
  /** Shape of the result. Throws an `OptionError` for a shape that it cannot take. */
  outputShape(shape: ImageShape): ImageShape;
  /** Has written all of `target` when it returns; a promise is refused with an `OptionError`. */
  apply(image: Image, target: Image, random: TransformRandom): void;
}
