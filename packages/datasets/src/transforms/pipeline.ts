import { show } from "@bn-only/errors";
import { OptionError } from "../errors.ts";
import type { ImageShape } from "../types.ts";
import type { Image, Transform, TransformRandom } from "./transform.ts";

/**
 * Runs a list of transforms over one image after another. The result lies in memory of its own that
 * the next image overwrites, or is the image itself when the list is empty.
 */
export type Pipeline = (image: Image, random: TransformRandom) => Image;

/** A pipeline that keeps its memory from image to image, as long as they have one shape. */
export function pipeline(transforms: readonly Transform[]): Pipeline {
  let shape: ImageShape | undefined;
  let targets: Image[] = [];
  return (image, random) => {
    if (shape === undefined || !sameShape(shape, image.shape)) {
      targets = shapesAfter(transforms, image.shape).map((after) => ({
        pixels: new Uint8Array(after[0] * after[1] * after[2]),
        shape: after,
      }));
      shape = image.shape;
    }
    let result = image;
    for (const [position, transform] of transforms.entries()) {
      const returned: unknown = transform.apply(result, targets[position]!, random);
      if (isThenable(returned)) throw unfinished(transform);
      result = targets[position]!;
    }
    return result;
  };
}

function isThenable(value: unknown): boolean {
  return typeof (value as Partial<PromiseLike<unknown>> | null | undefined)?.then === "function";
}

function unfinished({ name }: Transform): OptionError {
  return new OptionError(
    "transforms",
    `transforms: expected ${show(name)} to have written the image when apply() returns, ` +
      "got a promise. Make apply() synchronous.",
  );
}

/** Shape of an image after the whole list. */
export function shapeAfter(transforms: readonly Transform[], shape: ImageShape): ImageShape {
  return shapesAfter(transforms, shape).at(-1) ?? shape;
}

export function sameShape(a: ImageShape, b: ImageShape): boolean {
  return a[0] === b[0] && a[1] === b[1] && a[2] === b[2];
}

/** Shape of an image after each transform. */
function shapesAfter(transforms: readonly Transform[], shape: ImageShape): ImageShape[] {
  let current = shape;
  return transforms.map((transform) => {
    current = transform.outputShape(current);
    const isSide = (side: number): boolean => Number.isSafeInteger(side) && side > 0;
    if (!Array.isArray(current) || current.length !== 3 || !current.every(isSide)) {
      throw new OptionError(
        "transforms",
        `transforms: expected ${show(transform.name)} to give [height, width, channels], ` +
          `got ${show(current)}.`,
      );
    }
    return current;
  });
}
