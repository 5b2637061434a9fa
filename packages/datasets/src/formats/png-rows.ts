import { FormatError } from "../errors.ts";
import { pngHeader } from "./png-header.ts";
import { decodePng } from "./png.ts";

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
  const header = pngHeader(bytes);
  if (typeof header === "string") {
    throw new FormatError(file, `expected a PNG, got ${bytes.length} other bytes.`);
  }
  const { width, height, depth, colour } = header;
  if (width !== pixels || height !== count || depth !== 8 || colour !== 2) {
    throw new FormatError(
      file,
      `expected a PNG of ${pixels}x${count} pixels with depth 8 and colour type 2 (RGB), ` +
        `got ${width}x${height} with depth ${depth} and colour type ${colour}.`,
    );
  }
  return decodePng(bytes, file, count * pixels).pixels;
}
