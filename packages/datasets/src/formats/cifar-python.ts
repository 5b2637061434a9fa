import { FormatError } from "../errors.ts";
import type { CifarImages } from "./cifar-binary.ts";
import { parsePickle } from "./pickle.ts";
import { NumpyArray } from "./pickle-values.ts";

const plane = 1024;
const pixels = 3 * plane;

/**
 * A batch of the Python version of CIFAR-10: a pickled dictionary with `data`, a numpy array of bytes
 * `[count, 3072]` with the planes one after another, and `labels`, a list.
 *
 * @param file name of the file, for messages
 * @param classes labels must be below this
 * @throws FormatError when it is anything else; nothing in it is executed
 */
export function parseCifarPython(bytes: Uint8Array, file: string, classes: number): CifarImages {
  const batch = parsePickle(bytes, file);
  const data = batch instanceof Map ? batch.get("data") : undefined;
  const list = batch instanceof Map ? batch.get("labels") : undefined;
  if (!(data instanceof NumpyArray) || !Array.isArray(list)) {
    throw new FormatError(file, "expected a dictionary with data and labels, got something else.");
  }
  const count = list.length;
  if (data.shape.join() !== `${count},${pixels}`) {
    throw new FormatError(
      file,
      `expected data of [${count}, ${pixels}] for ${count} labels, got [${data.shape.join(", ")}].`,
    );
  }
  const labels = Uint8Array.from(list, (label, n) => {
    if (Number.isInteger(label) && Number(label) >= 0 && Number(label) < classes)
      return Number(label);
    throw new FormatError(
      file,
      `expected labels from 0 to ${classes - 1}, got another for image ${n}.`,
    );
  });
  const images = new Uint8Array(count * pixels);
  for (let n = 0; n < count; n++) {
    const from = n * pixels;
    for (let p = 0; p < plane; p++) {
      images[from + 3 * p] = data.values[from + p]!;
      images[from + 3 * p + 1] = data.values[from + p + plane]!;
      images[from + 3 * p + 2] = data.values[from + p + 2 * plane]!;
    }
  }
  return { images, labels };
}
