import { FormatError } from "../errors.ts";

/** A numpy array as a `.npy` file holds it, whose values are unsigned bytes or integers. */
export interface NpyArray {
  readonly shape: readonly number[];
  /** Bytes as a view of the file. */
  readonly values: Uint8Array | number[];
}

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
const longestHeader = 10_000;

/** Bytes of the types that are read. */
const widths: Readonly<Record<string, number>> = { "|u1": 1, "<i4": 4, "<i8": 8 };

/**
 * The format of numpy's `save` (numpy.lib.format), of unsigned bytes and of integers of 32 or 64 bits.
 *
 * @param file name of the file, for messages
 * @throws FormatError for other types, Fortran order, or values that are not as many as the shape says
 */
export function parseNpy(bytes: Uint8Array, file: string): NpyArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const wrong = (what: string): FormatError => new FormatError(file, `expected ${what}.`);
  if (bytes.length < 12 || !magic.every((byte, i) => bytes[i] === byte)) {
    throw wrong(`a numpy array, got ${bytes.length} other bytes`);
  }
  const wide = bytes[6]! > 1;
  const start = wide ? 12 : 10;
  const length = wide ? view.getUint32(8, true) : view.getUint16(8, true);
  if (length > longestHeader || start + length > bytes.length) {
    throw wrong("a whole numpy array, got one that is cut off");
  }
  const header = new TextDecoder().decode(bytes.subarray(start, start + length));
  const type = /'descr': *'([^']{1,8})'/.exec(header)?.[1] ?? "none";
  const width = Object.hasOwn(widths, type) ? widths[type]! : undefined;
  const dimensions = /'shape': *\(([\d, ]*)\)/.exec(header)?.[1];
  if (width === undefined || dimensions === undefined || !/'fortran_order': *False/.test(header)) {
    throw wrong(`an array of ${Object.keys(widths).join(", ")} in C order, got ${type}`);
  }
  const shape = dimensions
    .split(",")
    .filter((text) => text.trim() !== "")
    .map(Number);
  const count = shape.reduce((product, size) => product * size, 1);
  const data = bytes.subarray(start + length);
  if (data.length !== count * width) {
    throw wrong(
      `${count * width} bytes for ${type} of the shape [${shape.join(", ")}], got ${data.length}`,
    );
  }
  if (width === 1) return { shape, values: data };
  const at = start + length;
  const values = Array.from({ length: count }, (_, i) =>
    width === 4 ? view.getInt32(at + 4 * i, true) : Number(view.getBigInt64(at + 8 * i, true)),
  );
  return { shape, values };
}
