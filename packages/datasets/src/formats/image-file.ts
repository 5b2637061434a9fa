import { convertIndexedToRgb, decode as decodePng } from "fast-png";
import jpeg from "jpeg-js";
import { FormatError } from "../errors.ts";
import type { Image } from "../transforms/transform.ts";
import { imageHeader } from "./image-header.ts";

/** Pixels of the largest image that is decoded. */
const mostPixels = 100_000_000;

/**
 * A PNG or JPEG as 8-bit RGB or grey. Which one it is, its content says, not its name. Grey becomes
 * three equal channels; colour becomes grey as `(19595 R + 38470 G + 7471 B + 2^15) >> 16`, as in
 * Pillow; transparency and the orientation in the EXIF data are passed over; of 16 bits the upper 8 stay.
 *
 * @param file name of the file, for messages
 * @throws FormatError when it is neither, damaged, or has more than 100 million pixels
 */
export function decodeImage(bytes: Uint8Array, file: string, channels: 1 | 3): Image {
  const header = imageHeader(bytes);
  if (header === undefined) {
    throw new FormatError(file, `expected a PNG or JPEG, got ${bytes.length} other bytes.`);
  }
  const { kind, height, width } = header;
  // Read before anything is decoded, so that a false header cannot ask for memory.
  if (height * width === 0 || height * width > mostPixels) {
    throw new FormatError(file, `expected 1 to ${mostPixels} pixels, got ${height}x${width}.`);
  }
  let decoded: Uint8Array;
  try {
    decoded = kind === "png" ? pngPixels(bytes) : jpegPixels(bytes);
  } catch (error) {
    // The decoders quote the file, which may hold anything.
    const message = error instanceof Error ? error.message : String(error);
    const reason = message.replaceAll(/\p{Cc}+/gu, " ").slice(0, 200);
    throw new FormatError(
      file,
      `expected a whole ${kind.toUpperCase()}, got a damaged one (${reason}).`,
    );
  }
  const pixels = withChannels(decoded, height * width, channels);
  return { pixels, shape: [height, width, channels] };
}

/** One byte for each of 1, 2, 3 or 4 channels. */
function pngPixels(bytes: Uint8Array): Uint8Array {
  const png = decodePng(bytes, { checkCrc: true });
  const interlaced = bytes[28] === 1;
  if (interlaced && png.depth < 8) throw new Error("interlaced with fewer than 8 bits");
  if (png.palette !== undefined) return convertIndexedToRgb(png);
  if (png.depth === 16) return Uint8Array.from(png.data, (value) => value >> 8);
  return png.depth === 8 ? (png.data as Uint8Array) : unpackGrey(png);
}

/** Grey values of 1, 2 or 4 bits, of which every row begins with a byte of its own. */
function unpackGrey({ data, depth, height, width }: ReturnType<typeof decodePng>): Uint8Array {
  const rowBytes = Math.ceil((width * depth) / 8);
  const largest = (1 << depth) - 1;
  const pixels = new Uint8Array(height * width);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const bit = x * depth;
      const byte = data[y * rowBytes + (bit >> 3)]!;
      pixels[y * width + x] = (((byte >> (8 - depth - (bit & 7))) & largest) * 255) / largest;
    }
  }
  return pixels;
}

function jpegPixels(bytes: Uint8Array): Uint8Array {
  return jpeg.decode(bytes, {
    useTArray: true,
    formatAsRGBA: false,
    tolerantDecoding: false,
    // Enough for the most pixels, which are limited above.
    maxMemoryUsageInMB: 8192,
  }).data;
}

function withChannels(decoded: Uint8Array, count: number, channels: 1 | 3): Uint8Array {
  const from = decoded.length / count;
  if (from === channels) return decoded;
  const pixels = new Uint8Array(count * channels);
  for (let i = 0; i < count; i++) {
    const at = i * from;
    if (channels === 3) {
      pixels[3 * i] = decoded[at]!;
      pixels[3 * i + 1] = decoded[from < 3 ? at : at + 1]!;
      pixels[3 * i + 2] = decoded[from < 3 ? at : at + 2]!;
    } else if (from < 3) {
      pixels[i] = decoded[at]!;
    } else {
      const [red, green, blue] = [decoded[at]!, decoded[at + 1]!, decoded[at + 2]!];
      pixels[i] = (19595 * red + 38470 * green + 7471 * blue + 0x8000) >> 16;
    }
  }
  return pixels;
}
