import { decode, hasPngSignature } from "fast-png";
import { FormatError } from "../errors.ts";

/**
 * A PNG that holds one image per row: 8-bit RGB, `count` rows of `pixels` pixels.
 *
 * @param file name of the file, for messages
 * @returns `[count, pixels, 3]`
 * @throws FormatError when it is no PNG, or one of another size or kind
 */
export function parsePngRows(
  bytes: Uint8Array,
  file: string,
  count: number,
  pixels: number,
): Uint8Array {
  if (bytes.length < 33 || !hasPngSignature(bytes)) {
    throw new FormatError(file, `expected a PNG, got ${bytes.length} other bytes.`);
  }
  // The header is read before anything is decoded, so that a false one cannot ask for memory.
  const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const [width, height] = [header.getUint32(16), header.getUint32(20)];
  const [depth, colour] = [header.getUint8(24), header.getUint8(25)];
  if (width !== pixels || height !== count || depth !== 8 || colour !== 2) {
    throw new FormatError(
      file,
      `expected a PNG of ${pixels}x${count} pixels with depth 8 and colour type 2 (RGB), ` +
        `got ${width}x${height} with depth ${depth} and colour type ${colour}.`,
    );
  }
  let data: ArrayLike<number>;
  try {
    ({ data } = decode(bytes, { checkCrc: true }));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new FormatError(file, `expected a whole PNG, got a damaged one (${reason}).`);
  }
  if (!(data instanceof Uint8Array) || data.length !== count * pixels * 3) {
    throw new FormatError(file, `expected ${count * pixels * 3} values, got ${data.length}.`);
  }
  return data;
}
