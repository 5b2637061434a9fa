import type { Decoded, DecodeRequest } from "./decoder.ts";

/** Brings pictures to `side` by `side` pixels: the largest square in the middle, resized. */
self.addEventListener("message", async ({ data }: MessageEvent<DecodeRequest>) => {
  const { id, files, side } = data;
  const pixels = new Uint8Array(files.length * side * side * 3);
  const refused: number[] = [];
  const canvas = new OffscreenCanvas(side, side);
  const context = canvas.getContext("2d", { willReadFrequently: true, alpha: false })!;
  context.imageSmoothingQuality = "high";
  for (const [i, file] of files.entries()) {
    try {
      const bitmap = await createImageBitmap(file);
      const size = Math.min(bitmap.width, bitmap.height);
      context.fillStyle = "#fff";
      context.fillRect(0, 0, side, side);
      context.drawImage(
        bitmap,
        (bitmap.width - size) / 2,
        (bitmap.height - size) / 2,
        size,
        size,
        0,
        0,
        side,
        side,
      );
      bitmap.close();
      const { data: rgba } = context.getImageData(0, 0, side, side);
      const from = i * side * side * 3;
      for (let p = 0; p < side * side; p++) {
        pixels[from + 3 * p] = rgba[4 * p]!;
        pixels[from + 3 * p + 1] = rgba[4 * p + 1]!;
        pixels[from + 3 * p + 2] = rgba[4 * p + 2]!;
      }
    } catch {
      refused.push(i);
    }
  }
  const answer: Decoded = { id, pixels, refused };
  self.postMessage(answer, { transfer: [pixels.buffer] });
});
