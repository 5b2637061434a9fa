import jpeg from "jpeg-js";
import { expect, test } from "vitest";
import { decodeImage } from "../../src/formats/image-file.ts";
import { imageHeader } from "../../src/formats/image-header.ts";

type Corner = "top left" | "top right" | "bottom left" | "bottom right";

/**
 * Where the stored image's first row and first column are seen, from the table of the EXIF standard (CIPA DC-008, tag
 * 274), and so its four corners: first row and column, first row and last column, and below.
 */
const standard: readonly (readonly [number, string, readonly Corner[]])[] = [
  [1, "row top, column left", ["top left", "top right", "bottom left", "bottom right"]],
  [2, "row top, column right", ["top right", "top left", "bottom right", "bottom left"]],
  [3, "row bottom, column right", ["bottom right", "bottom left", "top right", "top left"]],
  [4, "row bottom, column left", ["bottom left", "bottom right", "top left", "top right"]],
  [5, "row left, column top", ["top left", "bottom left", "top right", "bottom right"]],
  [6, "row right, column top", ["top right", "bottom right", "top left", "bottom left"]],
  [7, "row right, column bottom", ["bottom right", "top right", "bottom left", "top left"]],
  [8, "row left, column bottom", ["bottom left", "top left", "bottom right", "top right"]],
];

/** Grey of the stored corners, first row and column first. Blocks of 8x8 of one grey come through a JPEG as they are. */
const greys = [0, 80, 160, 240];
const [storedHeight, storedWidth] = [16, 24];

function photo(): Uint8Array {
  const data = new Uint8Array(storedHeight * storedWidth * 4);
  for (let y = 0; y < storedHeight; y++) {
    for (let x = 0; x < storedWidth; x++) {
      const grey = x >= 8 && x < 16 ? 120 : greys[(y < 8 ? 0 : 2) + (x < 8 ? 0 : 1)]!;
      data.set([grey, grey, grey, 255], 4 * (y * storedWidth + x));
    }
  }
  return jpeg.encode({ data, width: storedWidth, height: storedHeight }, 100).data;
}

/** An APP1 segment with one entry, behind the start of the image. */
function withExif(file: Uint8Array, orientation: number, little: boolean): Uint8Array {
  const tiff = new DataView(new ArrayBuffer(26));
  tiff.setUint16(0, little ? 0x4949 : 0x4d4d);
  tiff.setUint16(2, 42, little);
  tiff.setUint32(4, 8, little);
  tiff.setUint16(8, 1, little);
  tiff.setUint16(10, 0x0112, little);
  tiff.setUint16(12, 3, little);
  tiff.setUint32(14, 1, little);
  tiff.setUint16(18, orientation, little);
  const content = [...new TextEncoder().encode("Exif\0\0"), ...new Uint8Array(tiff.buffer)];
  const segment = [0xff, 0xe1, 0, content.length + 2, ...content];
  return Uint8Array.from([...file.subarray(0, 2), ...segment, ...file.subarray(2)]);
}

test.each(standard)("orientation %i, %s: as it is seen", (orientation, _, corners) => {
  for (const little of [true, false]) {
    for (const channels of [1, 3] as const) {
      const bytes = withExif(photo(), orientation, little);
      const { pixels, shape } = decodeImage(bytes, "photo.jpg", channels);
      const [height, width] = shape;
      const turned = orientation >= 5;
      expect([height, width]).toEqual(turned ? [24, 16] : [16, 24]);
      expect(imageHeader(bytes)).toMatchObject({ height, width, orientation });
      const at = (corner: Corner): number => {
        const y = corner.startsWith("top") ? 4 : height - 5;
        const x = corner.endsWith("left") ? 4 : width - 5;
        return pixels[(y * width + x) * channels]!;
      };
      const seen = corners.map(at);
      for (const [i, grey] of seen.entries()) expect(Math.abs(grey - greys[i]!)).toBeLessThan(3);
    }
  }
});

test.each([0, 9, 65_535])("orientation %i does not exist: as it is stored", (orientation) => {
  const plain = decodeImage(photo(), "photo.jpg", 3);
  expect(decodeImage(withExif(photo(), orientation, true), "photo.jpg", 3)).toEqual(plain);
});

test.each([
  ["an order of bytes that does not exist", { 12: 0x4a }],
  ["a directory outside of them", { 16: 0xff }],
  ["another tag", { 22: 0x13 }],
  ["more entries than there are", { 20: 0xff, 22: 0x13 }],
])("EXIF data with %s are passed over", (_, changes) => {
  const altered = withExif(photo(), 6, true);
  for (const [at, value] of Object.entries(changes)) altered[Number(at)] = value;
  expect(decodeImage(altered, "photo.jpg", 3)).toEqual(decodeImage(photo(), "photo.jpg", 3));
});
