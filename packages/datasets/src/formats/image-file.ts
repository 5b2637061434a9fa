import jpeg from "jpeg-js";
import { FormatError } from "../errors.ts";
import type { Image } from "../transforms/transform.ts";
import { imageHeader } from "./image-header.ts";
import { jpegProblem } from "./jpeg-frame.ts";
import { upright } from "./orientation.ts";
import { decodePng } from "./png.ts";

/** Pixels of the largest image that is decoded. */
const defaultMostPixels = 100_000_000;

/**
 * A PNG or JPEG as 8-bit RGB or grey. Which one it is, its content says, not its name. Grey becomes
 * three equal channels; colour becomes grey as `(19595 R + 38470 G + 7471 B + 2^15) >> 16`, as in
 * Pillow; transparency is passed over; of 16 bits the upper 8 stay. A JPEG is turned
 * as its EXIF data say.
 *
 * @param file name of the file, for messages
 * @throws FormatError when it is neither, damaged, or has more than `mostPixels`
 */
export function decodeImage(
  bytes: Uint8Array,
  file: string,
  channels: 1 | 3,
  mostPixels: number = defaultMostPixels,
): Image {
  const header = imageHeader(bytes);
  if (header === undefined) {
    throw new FormatError(file, `expected a PNG or JPEG, got ${bytes.length} other bytes.`);
  }
  const { kind, height, width, orientation } = header;
  // Read before anything is decoded, so that a false header cannot ask for memory.
  if (height * width === 0 || height * width > mostPixels) {
    throw new FormatError(file, `expected 1 to ${mostPixels} pixels, got ${height}x${width}.`);
  }
  const decoded =
    kind === "png"
      ? decodePng(bytes, file, mostPixels)
      : { pixels: jpegPixels(bytes, file), channels: 3 };
  const pixels = withChannels(decoded.pixels, decoded.channels, height * width, channels);
  return {
    pixels: upright(pixels, [height, width], channels, orientation),
    shape: [height, width, channels],
  };
}

/** RGB. */
function jpegPixels(bytes: Uint8Array, file: string): Uint8Array {
  const damaged = (reason: string): FormatError =>
    new FormatError(file, `expected a whole JPEG, got a damaged one (${reason}).`);
  const problem = jpegProblem(bytes);
  if (problem !== undefined) throw damaged(problem);
  try {
    return jpeg.decode(bytes, {
      useTArray: true,
      formatAsRGBA: false,
      tolerantDecoding: false,
      // Enough for the most pixels, which are limited above, in four components.
      maxMemoryUsageInMB: 3072,
    }).data;
  } catch (error) {
    // The decoder quotes the file, which may hold anything.
    const message = error instanceof Error ? error.message : String(error);
    throw damaged(message.slice(0, 200));
  }
}

function withChannels(
  decoded: Uint8Array,
  from: number,
  count: number,
  channels: 1 | 3,
): Uint8Array {
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
