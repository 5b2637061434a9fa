import { FormatError } from "../errors.ts";

const side = 32;
const channels = 3;
const plane = side * side;
const pixels = plane * channels;

/** Images and labels of one file. */
export interface CifarImages {
  /** `[count, 32, 32, 3]`, interleaved. */
  readonly images: Uint8Array;
  /** `[count]`. */
  readonly labels: Uint8Array;
}

/**
 * The binary version of CIFAR-10 and CIFAR-100: per image the label bytes, then 1024 red, 1024 green
 * and 1024 blue bytes, row by row. https://www.cs.toronto.edu/~kriz/cifar.html
 *
 * @param file name of the file, for messages
 * @param classes labels must be below this
 * @param labelBytes 1 in CIFAR-10; 2 in CIFAR-100, superclass and class. The last one is the label
 * @throws FormatError when the length is no multiple of a record or a label is out of range
 */
export function parseCifarBinary(
  bytes: Uint8Array,
  file: string,
  classes: number,
  labelBytes: 1 | 2 = 1,
): CifarImages {
  const record = labelBytes + pixels;
  if (bytes.length === 0 || bytes.length % record !== 0) {
    throw new FormatError(
      file,
      `expected records of ${record} bytes, got ${bytes.length} bytes in all.`,
    );
  }
  const count = bytes.length / record;
  const images = new Uint8Array(count * pixels);
  const labels = new Uint8Array(count);
  for (let n = 0; n < count; n++) {
    const start = n * record + labelBytes - 1;
    const label = bytes[start]!;
    if (label >= classes) {
      throw new FormatError(file, `expected labels below ${classes}, got ${label} for image ${n}.`);
    }
    labels[n] = label;
    let to = n * pixels;
    for (let p = start + 1; p <= start + plane; p++) {
      images[to] = bytes[p]!;
      images[to + 1] = bytes[p + plane]!;
      images[to + 2] = bytes[p + 2 * plane]!;
      to += channels;
    }
  }
  return { images, labels };
}

/** The inverse of `parseCifarBinary` for CIFAR-10. */
export function formatCifarBinary({ images, labels }: CifarImages): Uint8Array {
  const record = 1 + pixels;
  const bytes = new Uint8Array(labels.length * record);
  for (let n = 0; n < labels.length; n++) {
    const start = n * record;
    bytes[start] = labels[n]!;
    let from = n * pixels;
    for (let p = start + 1; p <= start + plane; p++) {
      bytes[p] = images[from]!;
      bytes[p + plane] = images[from + 1]!;
      bytes[p + 2 * plane] = images[from + 2]!;
      from += channels;
    }
  }
  return bytes;
}
