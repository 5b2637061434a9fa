import { FormatError } from "../errors.ts";
import type { CifarImages } from "./cifar-binary.ts";
import { parseNpy } from "./npy.ts";
import { readZip } from "./zip.ts";

const pixels = 3072;

/** Room for the header of an array. */
const slack = 16_384;

/**
 * CIFAR-10 as Keras gives it and `numpy.savez` keeps it: `x_train`, `y_train`, `x_test` and `y_test`,
 * images of `[count, 32, 32, 3]` bytes and as many labels.
 *
 * @param file name of the file, for messages
 * @throws FormatError when it is anything else
 */
export function parseCifarNpz(
  bytes: Uint8Array,
  file: string,
  sizes: { readonly train: number; readonly test: number },
  classes: number,
): { train: CifarImages; test: CifarImages } {
  const wanted = new Map<string, number>();
  for (const [split, count] of Object.entries(sizes)) {
    wanted.set(`x_${split}.npy`, count * pixels + slack);
    wanted.set(`y_${split}.npy`, count * 8 + slack);
  }
  const files = readZip(bytes, file, wanted);
  const read = (split: string, count: number): CifarImages => {
    const images = parseNpy(files.get(`x_${split}.npy`)!, `${file}: x_${split}.npy`);
    const labels = parseNpy(files.get(`y_${split}.npy`)!, `${file}: y_${split}.npy`);
    if (images.shape.join() !== `${count},32,32,3` || !(images.values instanceof Uint8Array)) {
      throw new FormatError(
        file,
        `expected x_${split} of [${count}, 32, 32, 3] bytes, got [${images.shape.join(", ")}].`,
      );
    }
    if (
      labels.values.length !== count ||
      labels.values.some((label) => !(label >= 0 && label < classes))
    ) {
      throw new FormatError(file, `expected y_${split} of ${count} labels below ${classes}.`);
    }
    return { images: images.values, labels: Uint8Array.from(labels.values) };
  };
  return { train: read("train", sizes.train), test: read("test", sizes.test) };
}
