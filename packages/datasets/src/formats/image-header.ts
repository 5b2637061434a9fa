import { isFrame } from "./jpeg-frame.ts";
import { isTurned, orientationOf } from "./orientation.ts";
import { hasPngSignature } from "./png-header.ts";

/** The segment that may hold EXIF data. */
const APP1 = 0xe1;

/** Kind and size of an image file, as its first bytes say. */
export interface ImageHeader {
  readonly kind: "png" | "jpeg";
  /** As it is seen. */
  readonly height: number;
  readonly width: number;
  /** 1 to 8, of the EXIF data of a JPEG; see `upright`. */
  readonly orientation: number;
}

/**
 * Reads the header of a PNG or JPEG.
 *
 * @param bytes the file, or as much of its beginning as there is
 * @returns undefined for another format, or when the size lies beyond the bytes
 */
export function imageHeader(bytes: Uint8Array): ImageHeader | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (hasPngSignature(bytes)) {
    if (bytes.length < 24) return undefined;
    return { kind: "png", height: view.getUint32(20), width: view.getUint32(16), orientation: 1 };
  }
  return bytes[0] === 0xff && bytes[1] === 0xd8 ? jpegHeader(bytes, view) : undefined;
}

/** Goes from segment to segment until the one that begins a frame (SOF). */
function jpegHeader(bytes: Uint8Array, view: DataView): ImageHeader | undefined {
  let at = 2;
  let orientation: number | undefined;
  while (at + 9 <= view.byteLength) {
    if (view.getUint8(at) !== 0xff) return undefined;
    const marker = view.getUint8(at + 1);
    // Bytes that fill, and markers that stand alone.
    if (marker === 0xff) at += 1;
    else if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) at += 2;
    else if (isFrame(marker)) {
      const [rows, columns] = [view.getUint16(at + 5), view.getUint16(at + 7)];
      const [height, width] = isTurned(orientation ?? 1) ? [columns, rows] : [rows, columns];
      return { kind: "jpeg", height, width, orientation: orientation ?? 1 };
    } else {
      const end = at + 2 + view.getUint16(at + 2);
      if (marker === APP1) orientation ??= orientationOf(bytes.subarray(at + 4, end));
      at = end;
    }
  }
  return undefined;
}
