import { checkBytes, checkInteger, checkText } from "../check.ts";
import { FormatError } from "../errors.ts";

/** Code of unsigned bytes in the third byte of the file. */
const unsignedByte = 0x08;

/** An array of bytes with its shape. */
export interface IdxArray {
  readonly shape: readonly number[];
  readonly values: Uint8Array;
}

/**
 * The IDX format of MNIST, for unsigned bytes: two zero bytes, the type, the number of dimensions,
 * each dimension as a big-endian 32-bit integer, then the values.
 *
 * @param file name of the file, for messages
 * @param dimensions how many dimensions it must have
 * @throws FormatError when it is another format, another type, or its length is not what its shape says
 */
export function parseIdx(bytes: Uint8Array, file: string, dimensions: number): IdxArray {
  checkBytes("bytes", bytes);
  checkText("file", file);
  checkInteger("dimensions", dimensions, 1, 255);
  const header = 4 + 4 * dimensions;
  if (bytes.length < header || bytes[0] !== 0 || bytes[1] !== 0) {
    throw new FormatError(file, `expected an IDX file, got ${bytes.length} other bytes.`);
  }
  if (bytes[2] !== unsignedByte || bytes[3] !== dimensions) {
    throw new FormatError(
      file,
      `expected type 8 (bytes) and ${dimensions} dimensions, ` +
        `got type ${bytes[2]} and ${bytes[3]} dimensions.`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const shape = Array.from({ length: dimensions }, (_, axis) => view.getUint32(4 + 4 * axis));
  const expected = shape.reduce((product, length) => product * length, 1);
  const values = bytes.subarray(header);
  if (values.length !== expected) {
    throw new FormatError(
      file,
      `expected ${expected} values for the shape [${shape.join(", ")}], got ${values.length}.`,
    );
  }
  return { shape, values };
}
