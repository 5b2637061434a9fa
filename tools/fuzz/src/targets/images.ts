import { readFileSync } from "node:fs";
import { encode } from "fast-png";
import { DatasetError } from "../../../../packages/datasets/src/errors.ts";
import { decodeImage } from "../../../../packages/datasets/src/formats/image-file.ts";
import { parsePngRows } from "../../../../packages/datasets/src/formats/png-rows.ts";
import { jpegMutations } from "../structures/jpeg.ts";
import { pngMutations, withRightChecksums } from "../structures/png.ts";
import type { Target } from "../target.ts";

const mostPixels = 1 << 14;
const typed = (error: unknown): boolean => DatasetError.isInstance(error);

/** Files of every kind, which Pillow wrote. */
function fixtures(kind: "png" | "jpeg"): Uint8Array[] {
  const text = readFileSync("packages/datasets/test/formats/fixtures/images.json", "utf8");
  const { cases } = JSON.parse(text) as { cases: { name: string; file: string }[] };
  return cases
    .filter(({ name }) => name.startsWith(kind))
    .map(({ file }) => new Uint8Array(Buffer.from(file, "base64")));
}

function decode(bytes: Uint8Array): void {
  const channels = bytes.length % 2 === 0 ? 1 : 3;
  const { pixels, shape } = decodeImage(bytes, "file", channels, mostPixels);
  if (pixels.length !== shape[0] * shape[1] * channels) throw new Error("another size");
}

export const png: Target = {
  seeds: () => fixtures("png"),
  run: decode,
  typed,
  // Rows and samples of RGBA with 16 bits, and three channels; zlib has a window, and a buffer of 64 KiB for bytes that follow.
  limit: (size) => mostPixels * (8 + 4 + 3) + (1 << 17) + 4 * size,
  structured: pngMutations,
  repair: withRightChecksums,
};

export const jpeg: Target = {
  seeds: () => fixtures("jpeg"),
  run: decode,
  typed,
  // Per pixel three components of 32-bit coefficients and of samples, rounded up to whole units.
  limit: (size) => (1 << 18) + mostPixels * 3 * (4 + 1 + 1) * 4 + 4 * size,
  structured: jpegMutations,
};

const [rows, pixels] = [6, 16];

export const pngRows: Target = {
  seeds: () => [
    encode({
      width: pixels,
      height: rows,
      channels: 3,
      data: Uint8Array.from({ length: rows * pixels * 3 }, (_, i) => (i * 37) % 256),
    }),
  ],
  run(bytes) {
    const found = parsePngRows(bytes, "file", rows, pixels);
    if (found.length !== rows * pixels * 3) throw new Error("another size");
  },
  typed,
  limit: (size) => (1 << 18) + 4 * size,
  structured: pngMutations,
  repair: withRightChecksums,
};
