import { crc32, inflateSync } from "node:zlib";
import { FormatError } from "../errors.ts";
import { pngHeader, rawBytes } from "./png-header.ts";
import type { PngHeader } from "./png-header.ts";
import { pngSamples } from "./png-samples.ts";

/** Samples of 8 bits, row by row, channels interleaved. */
export interface PngImage {
  readonly height: number;
  readonly width: number;
  /** 1 grey, 2 grey and alpha, 3 RGB, 4 RGBA. A palette becomes RGB. */
  readonly channels: number;
  readonly pixels: Uint8Array;
}

/** Largest length of a chunk. */
const longestChunk = 0x7fffffff;

/** Bytes that deflate makes of one at most. */
const mostExpansion = 1032;

/**
 * A PNG of any kind (https://www.w3.org/TR/png-3/). Samples of fewer than 8 bits are spread over 0 to
 * 255, of 16 bits the upper 8 stay; transparent colours and animations are passed over. The checksum
 * of every chunk and of the pixels must be right, and no more is inflated than the header says.
 *
 * @param file name of the file, for messages
 * @throws FormatError when it is no whole PNG, or has more than `mostPixels`
 */
export function decodePng(bytes: Uint8Array, file: string, mostPixels: number): PngImage {
  const damaged = (reason: string): FormatError =>
    new FormatError(file, `expected a whole PNG, got a damaged one (${reason}).`);
  const header = pngHeader(bytes);
  if (typeof header === "string") throw damaged(header);
  const { height, width } = header;
  if (height * width > mostPixels) {
    throw new FormatError(file, `expected 1 to ${mostPixels} pixels, got ${height}x${width}.`);
  }
  const chunks = readChunks(bytes);
  if (typeof chunks === "string") throw damaged(chunks);
  const raw = inflateRows(header, chunks.data);
  if (typeof raw === "string") throw damaged(raw);
  const image = pngSamples(header, raw, chunks.palette);
  if (typeof image === "string") throw damaged(image);
  return { height, width, ...image };
}

interface Chunks {
  /** What the IDAT chunks hold, a zlib stream. */
  readonly data: Uint8Array;
  readonly palette: Uint8Array | undefined;
}

/** Goes through all chunks up to IEND; the header has been read. Gives the reason when one is wrong. */
function readChunks(bytes: Uint8Array): Chunks | string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const parts: Uint8Array[] = [];
  let palette: Uint8Array | undefined;
  let last = "";
  for (let at = 8; ;) {
    if (at + 12 > bytes.length) return "it ends before its last chunk";
    const length = view.getUint32(at);
    if (length > longestChunk || at + 12 + length > bytes.length) {
      return `a chunk of ${length} bytes goes beyond its end`;
    }
    const typeAndContent = bytes.subarray(at + 4, at + 8 + length);
    if (crc32(typeAndContent) !== view.getUint32(at + 8 + length)) {
      return `the checksum of the chunk at byte ${at} is wrong`;
    }
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    const content = typeAndContent.subarray(4);
    if (type === "IHDR" && at > 8) return "it has two headers";
    if (type === "IDAT") {
      if (parts.length > 0 && last !== "IDAT") return "another chunk lies between its pixels";
      parts.push(content);
    } else if (type === "PLTE") {
      if (palette !== undefined || parts.length > 0) return "its palette is not where it belongs";
      if (length % 3 !== 0 || length === 0 || length > 768)
        return "its palette has no whole colours";
      palette = content;
    } else if (type === "IEND") {
      return parts.length === 0 ? "it has no pixels" : { data: Buffer.concat(parts), palette };
    } else if (type !== "IHDR" && isCritical(type)) {
      return "it needs a chunk that is not known";
    }
    last = type;
    at += 12 + length;
  }
}

/** A chunk without which the image cannot be shown: its first letter is a capital. */
function isCritical(type: string): boolean {
  return (type.charCodeAt(0) & 0x20) === 0;
}

function inflateRows(header: PngHeader, data: Uint8Array): Uint8Array | string {
  const expected = rawBytes(header);
  if (expected > mostExpansion * data.length) return "its pixels are cut off";
  let raw: Uint8Array;
  try {
    raw = inflateSync(data, { maxOutputLength: expected, chunkSize: Math.max(expected + 1, 64) });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") {
      return "it holds more pixels than its header says";
    }
    return `its pixels cannot be inflated: ${error instanceof Error ? error.message : String(error)}`;
  }
  return raw.length < expected ? "its pixels are cut off" : raw;
}
