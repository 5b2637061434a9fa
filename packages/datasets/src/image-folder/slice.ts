import { readFile } from "node:fs/promises";
import { batchImages } from "../batches/batch-images.ts";
import { FormatError } from "../errors.ts";
import { checkFile } from "./check-file.ts";
import { noImage } from "./file-errors.ts";
import { decodeImage } from "../formats/image-file.ts";
import { normalizationTable, normalizePixels } from "../transforms/normalize.ts";
import { pipeline, sameShape } from "../transforms/pipeline.ts";
import type { Image, Transform } from "../transforms/transform.ts";
import { transformRandom } from "../transforms/transform-random.ts";
import type { ImageShape, Normalization } from "../types.ts";

/** A part of a batch: which files, and their places in the data set. */
export interface Slice {
  readonly epoch: number;
  readonly files: readonly string[];
  readonly indices: readonly number[];
}

/** What is the same for every slice. Plain data, so that it can go to another thread. */
export interface SliceSettings {
  readonly seed: number;
  /** What files are decoded to: those of the data set, which a transform may change. */
  readonly channels: 1 | 3;
  /** Shape of one image of the result. */
  readonly inputShape: ImageShape;
  readonly normalization: Normalization;
}

/** Reads and decodes the files of a slice. */
export async function decodeSlice(
  { files }: Slice,
  { channels }: SliceSettings,
  signal?: AbortSignal,
): Promise<Image[]> {
  const images: Image[] = [];
  for (const file of files) {
    signal?.throwIfAborted();
    images.push(await decodeFile(file, channels));
  }
  return images;
}

/** Transforms and normalises decoded images: `[count, height, width, channels]`. */
export function sliceFinisher(
  { seed, inputShape, normalization }: SliceSettings,
  transforms: readonly Transform[],
): (slice: Slice, images: readonly Image[]) => Float32Array<ArrayBuffer> {
  const table = normalizationTable(normalization, inputShape[2]);
  const values = inputShape[0] * inputShape[1] * inputShape[2];
  const transform = pipeline(transforms);
  return ({ epoch, files, indices }, images) => {
    const randomOf = transformRandom(seed, epoch);
    const result = batchImages(images.length, inputShape);
    for (const [i, image] of images.entries()) {
      const { pixels, shape } = transform(image, randomOf(indices[i]!));
      if (!sameShape(shape, inputShape)) {
        throw new FormatError(
          files[i]!,
          `expected an image of ${inputShape.join("x")} after the transforms, ` +
            `got ${shape.join("x")} from ${image.shape.join("x")}. Give imageFolder a size.`,
        );
      }
      normalizePixels(pixels, table, result, i * values);
    }
    return result;
  };
}

/** One image file, decoded. */
export async function decodeFile(file: string, channels: 1 | 3): Promise<Image> {
  let bytes: Uint8Array;
  try {
    await checkFile(file);
    bytes = await readFile(file);
  } catch (error) {
    throw noImage(file, error);
  }
  return decodeImage(bytes, file, channels);
}
