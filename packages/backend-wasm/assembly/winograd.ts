// Convolution 3x3 at stride 1 by Winograd's F(4x4, 3x3): 36 products make 16 output pixels, where
// the direct sum takes 144. Tiles of 4x4 outputs that stick out of the image are computed whole and
// written in part. Channels are filled up to multiples of 4 and 8 in the scratch memory only.
//
// A strip is a run of tiles beside each other, a block is as many strips as share one matrix
// product for each of the 36 frequencies; the host chooses both so that a block stays in the cache.
import { ConvolveWinograd as A } from "./generated/arguments";
import { emptySlot, finishPixels } from "./epilogue";
import { multiplyRows } from "./multiply";
import { widenPixels } from "./pixels";
import { GRADIENT, NORMALISE_RELU, NOTHING, readPixels } from "./prologue";
import { arg, roundUp } from "./simd";
import {
  transformColumns,
  transformGradient,
  transformNormalised,
  transformRows,
  untransformColumns,
  untransformRows,
} from "./winograd-transform";

// @ts-ignore: decorator
@inline
export function rowAt(firstRow: usize, row: isize, i: isize, height: isize, rowStep: usize, zeros: usize): usize {
  return row + i >= 0 && row + i < height ? firstRow + i * rowStep : zeros;
}

/**
 * Transforms the six input rows from (`row`, `column`) on, which may lie outside the image, into
 * `tiles` tiles at `v`. `prologue` as for `readPixels`. Scratch: `zeros[pixels]`, `stage[6][pixels]`, `t[pixels][6]` of wide pixels.
 */
export function loadStrip(
  image: usize, row: isize, column: isize, height: isize, width: isize, channels: usize,
  tiles: usize, v: usize, frequencyStep: usize, zeros: usize, stage: usize, t: usize,
  prologue: usize,
): void {
  const bytes = roundUp(channels, 4) * 4;
  const pixels = <isize>(tiles * 4 + 2);
  const left = min(pixels, max<isize>(0, -column));
  const inside = max<isize>(0, min(pixels, width - column) - left);
  const right = pixels - left - inside;

  let rowStep = width * channels * 4;
  let first = image + row * rowStep + (column + left) * channels * 4;
  memory.fill(t, 0, 6 * left * bytes);
  memory.fill(t + 6 * (left + inside) * bytes, 0, 6 * right * bytes);
  const o = t + 6 * left * bytes;
  const kind = arg(prologue, 0);
  if ((kind == NORMALISE_RELU || kind == GRADIENT) && inside > 0 && row >= -1 && row + 5 <= height) {
    const top: i32 = row >= 0 ? 1 : 0;
    const bottom: i32 = row + 5 < height ? 1 : 0;
    const coefficients = arg(prologue, A.prologueCoefficients - A.prologueKind);
    if (top == 0) first += rowStep;
    if (kind == NORMALISE_RELU) {
      transformNormalised(first, rowStep, top, bottom, o, inside, bytes, coefficients);
    } else {
      const offset = arg(prologue, A.prologueOffset - A.prologueKind);
      transformGradient(first, offset, rowStep, top, bottom, o, inside, bytes, coefficients);
    }
    transformRows(t, v, frequencyStep, tiles, bytes);
    return;
  }
  if ((channels & 3 || kind != NOTHING) && inside > 0) {
    const wideStep = inside * bytes;
    for (let i: isize = max<isize>(0, -row); i < min<isize>(6, height - row); i++) {
      const from = first + i * rowStep;
      const to = stage + i * wideStep;
      if (channels & 3) widenPixels(from, to, inside, channels);
      else readPixels(prologue, from, to, inside, channels);
    }
    first = stage;
    rowStep = wideStep;
  }
  if (inside > 0) {
    transformColumns(
      rowAt(first, row, 0, height, rowStep, zeros),
      rowAt(first, row, 1, height, rowStep, zeros),
      rowAt(first, row, 2, height, rowStep, zeros),
      rowAt(first, row, 3, height, rowStep, zeros),
      rowAt(first, row, 4, height, rowStep, zeros),
      rowAt(first, row, 5, height, rowStep, zeros),
      o, inside, bytes,
    );
  }
  transformRows(t, v, frequencyStep, tiles, bytes);
}

/**
 * Transforms the tile at `m` back and writes its pixels inside the image, from (`row`, `column`) on.
 * Scratch: `t[4][6]` and `tile[4][4]` of wide pixels.
 */
export function storeTile(
  m: usize, frequencyStep: usize, image: usize, row: usize, column: usize,
  height: usize, width: usize, channels: usize, t: usize, tile: usize,
): void {
  const bytes = roundUp(channels, 4) * 4;
  const pixel = channels * 4;
  const first = image + (row * width + column) * pixel;
  untransformColumns(m, frequencyStep, t, bytes);
  if (pixel == bytes && row + 4 <= height && column + 4 <= width) {
    untransformRows(t, first, width * pixel, pixel, bytes);
    return;
  }
  untransformRows(t, tile, 4 * bytes, bytes, bytes);
  const rows = min<usize>(4, height - row);
  const columns = min<usize>(4, width - column);
  for (let i: usize = 0; i < rows; i++) {
    for (let j: usize = 0; j < columns; j++) {
      memory.copy(first + (i * width + j) * pixel, tile + (4 * i + j) * bytes, pixel);
    }
  }
}

/**
 * The strips of one chunk. Arguments: input, output, filter as `prepareWinograd` packs it; height,
 * width, channels of input and output; padding; tiles in a strip, strips in a row, in a block, in a
 * chunk, in all; those of the prologue and the epilogue.
 */
export function convolveWinograd(args: usize, chunk: i32, scratch: usize): void {
  const x = arg(args, A.input), y = arg(args, A.output), filter = arg(args, A.filter);
  const height = arg(args, A.height), width = arg(args, A.width), channels = arg(args, A.channels);
  const outputHeight = arg(args, A.outputHeight), outputWidth = arg(args, A.outputWidth);
  const outputChannels = arg(args, A.outputs);
  const padding = arg(args, A.padding), stripTiles = arg(args, A.stripTiles);
  const stripsPerRow = arg(args, A.stripsPerRow);
  const blockStrips = arg(args, A.blockStrips), chunkStrips = arg(args, A.chunkStrips);
  const strips = arg(args, A.strips);

  const bytes = roundUp(channels, 4) * 4;
  const columns = roundUp(outputChannels, 8);
  const capacity = roundUp(blockStrips * stripTiles, 4);
  const tilesPerRow = (outputWidth + 3) / 4;
  const rowsOfTiles = (outputHeight + 3) / 4;
  // A few bytes more than the block takes keep the frequencies from falling on the same cache sets.
  const inputStep = capacity * bytes + 64;
  const outputStep = capacity * columns * 4 + 64;

  const pixels = stripTiles * 4 + 2;
  const zeros = scratch;
  const stage = zeros + pixels * bytes;
  const t = stage + 6 * pixels * bytes;
  const v = t + 6 * pixels * bytes;
  const m = v + 36 * inputStep;
  const back = m + 36 * outputStep;
  const tile = back + 96 * columns;
  const product = tile + 64 * columns;
  memory.fill(zeros, 0, pixels * bytes);
  const epilogue = args + 8 * A.epilogueKind;
  const slot = emptySlot(epilogue, chunk, outputChannels);

  const start = <usize>chunk * chunkStrips;
  const end = min(strips, start + chunkStrips);
  for (let block = start; block < end; block += blockStrips) {
    const count = min(blockStrips, end - block);
    for (let i: usize = 0; i < count; i++) {
      const tileRow = (block + i) / stripsPerRow;
      const firstTile = (block + i - tileRow * stripsPerRow) * stripTiles;
      const image = tileRow / rowsOfTiles;
      loadStrip(
        x + image * height * width * channels * 4,
        (tileRow - image * rowsOfTiles) * 4 - padding, firstTile * 4 - padding,
        height, width, channels,
        min(stripTiles, tilesPerRow - firstTile), v + i * stripTiles * bytes,
        inputStep, zeros, stage, t, args + 8 * A.prologueKind,
      );
    }
    const rows = roundUp(count * stripTiles, 4);
    for (let f: usize = 0; f < 36; f++) {
      multiplyRows(
        v + f * inputStep, filter + f * bytes * columns, columns, m + f * outputStep, rows, bytes, product,
      );
    }
    for (let i: usize = 0; i < count; i++) {
      const tileRow = (block + i) / stripsPerRow;
      const firstTile = (block + i - tileRow * stripsPerRow) * stripTiles;
      const image = tileRow / rowsOfTiles;
      const tiles = min(stripTiles, tilesPerRow - firstTile);
      for (let k: usize = 0; k < tiles; k++) {
        storeTile(
          m + (i * stripTiles + k) * columns * 4, outputStep,
          y + image * outputHeight * outputWidth * outputChannels * 4,
          (tileRow - image * rowsOfTiles) * 4, (firstTile + k) * 4,
          outputHeight, outputWidth, outputChannels, back, tile,
        );
      }
    }
    if (slot) {
      // What was just written lies in one piece, as a strip is a whole row then.
      const written = rowOfTile(block, rowsOfTiles, outputHeight);
      const next = rowOfTile(block + count, rowsOfTiles, outputHeight);
      const row = outputWidth * outputChannels * 4;
      finishPixels(epilogue, y, written * row, (next - written) * outputWidth, outputChannels, slot);
    }
  }
}

/** The first row of pixels of a row of tiles, both counted through all images. */
// @ts-ignore: decorator
@inline
export function rowOfTile(tileRow: usize, rowsOfTiles: usize, height: usize): usize {
  const image = tileRow / rowsOfTiles;
  return image * height + (tileRow - image * rowsOfTiles) * 4;
}
