// dLoss/dFilter of a 3x3 convolution at stride 1 in the transformed domain of winograd.ts: the filter
// of each of the 36 frequencies gets the products of transformed input and output gradient, summed
// over the tiles, and is transformed back at the end.
import { SumWinogradProducts as A, FinishWinogradFilter as F } from "./generated/arguments";
import { arg, madd, rounded, roundUp, storeLanes } from "./simd";
import { loadStrip } from "./winograd";

/** A y: four values, `inputStep` apart, to six, `step` apart. */
// @ts-ignore: decorator
@inline
export function spread(y: usize, inputStep: usize, out: usize, step: usize): void {
  let p = y;
  const y0 = v128.load(p); p += inputStep;
  const y1 = v128.load(p); p += inputStep;
  const y2 = v128.load(p); p += inputStep;
  const y3 = v128.load(p);
  const four = f32x4.splat(4);
  const s1 = f32x4.add(y0, y2);
  const d1 = f32x4.add(y1, y3);
  const s2 = madd(y2, four, y0);
  const half = madd(y3, four, y1);
  const d2 = f32x4.add(half, half);
  let o = out;
  v128.store(o, y0); o += step;
  v128.store(o, f32x4.add(s1, d1)); o += step;
  v128.store(o, f32x4.sub(s1, d1)); o += step;
  v128.store(o, f32x4.add(s2, d2)); o += step;
  v128.store(o, f32x4.sub(s2, d2)); o += step;
  v128.store(o, y3);
}

/**
 * Transforms a tile of 4 by 4 pixels at y, `rowStep` and `pixelStep` apart, to `e[36]`. Scratch:
 * `t[6][4]` of `bytes` each.
 */
export function spreadTile(
  y: usize, rowStep: usize, pixelStep: usize, bytes: usize, t: usize, e: usize, frequencyStep: usize,
): void {
  for (let j: usize = 0; j < 4; j++) {
    for (let at: usize = 0; at < bytes; at += 16) {
      spread(y + j * pixelStep + at, rowStep, t + j * bytes + at, 4 * bytes);
    }
  }
  for (let i: usize = 0; i < 6; i++) {
    for (let at: usize = 0; at < bytes; at += 16) {
      spread(t + 4 * i * bytes + at, bytes, e + 6 * i * frequencyStep + at, frequencyStep);
    }
  }
}

/** The tile's pixels inside the image, the rest zero, as `tile[4][4]` of wide pixels. */
export function copyTile(
  image: usize, row: usize, column: usize, height: usize, width: usize, channels: usize, tile: usize,
): void {
  const bytes = roundUp(channels, 4) * 4;
  const pixel = channels * 4;
  memory.fill(tile, 0, 16 * bytes);
  const rows = min<usize>(4, height - row);
  const columns = min<usize>(4, width - column);
  for (let i: usize = 0; i < rows; i++) {
    for (let j: usize = 0; j < columns; j++) {
      const from = image + ((row + i) * width + column + j) * pixel;
      memory.copy(tile + (4 * i + j) * bytes, from, pixel);
    }
  }
}

/** Adds to `sums[4][8]` the products of 4 channels at a and 8 outputs at b over all tiles. */
export function addProducts(a: usize, step: usize, b: usize, outputStep: usize, tiles: usize, sums: usize): void {
  let c00 = v128.load(sums), c01 = v128.load(sums, 16), c10 = v128.load(sums, 32), c11 = v128.load(sums, 48);
  let c20 = v128.load(sums, 64), c21 = v128.load(sums, 80), c30 = v128.load(sums, 96), c31 = v128.load(sums, 112);
  let p = a, q = b, left = tiles;
  do {
    const lo = v128.load(q), hi = v128.load(q, 16);
    let s = v128.load32_splat(p);
    c00 = madd(s, lo, c00); c01 = madd(s, hi, c01);
    s = v128.load32_splat(p, 4);
    c10 = madd(s, lo, c10); c11 = madd(s, hi, c11);
    s = v128.load32_splat(p, 8);
    c20 = madd(s, lo, c20); c21 = madd(s, hi, c21);
    s = v128.load32_splat(p, 12);
    c30 = madd(s, lo, c30); c31 = madd(s, hi, c31);
    p += step; q += outputStep;
  } while (--left);
  v128.store(sums, c00); v128.store(sums, c01, 16); v128.store(sums, c10, 32); v128.store(sums, c11, 48);
  v128.store(sums, c20, 64); v128.store(sums, c21, 80); v128.store(sums, c30, 96); v128.store(sums, c31, 112);
}

/** The same with 16 outputs, the second half of whose sums lies `next` bytes behind the first, for pairs of vectors. */
export function addProductPairs(
  a: usize, step: usize, b: usize, outputStep: usize, tiles: usize, sums: usize, next: usize,
): void {
  const t = sums + next;
  let c00 = v128.load(sums), c01 = v128.load(sums, 16), c02 = v128.load(t), c03 = v128.load(t, 16);
  let c10 = v128.load(sums, 32), c11 = v128.load(sums, 48), c12 = v128.load(t, 32), c13 = v128.load(t, 48);
  let c20 = v128.load(sums, 64), c21 = v128.load(sums, 80), c22 = v128.load(t, 64), c23 = v128.load(t, 80);
  let c30 = v128.load(sums, 96), c31 = v128.load(sums, 112), c32 = v128.load(t, 96), c33 = v128.load(t, 112);
  let p = a, q = b, left = tiles;
  do {
    const b0 = v128.load(q), b1 = v128.load(q, 16), b2 = v128.load(q, 32), b3 = v128.load(q, 48);
    let s = v128.load32_splat(p);
    c00 = madd(s, b0, c00); c01 = madd(s, b1, c01); c02 = madd(s, b2, c02); c03 = madd(s, b3, c03);
    s = v128.load32_splat(p, 4);
    c10 = madd(s, b0, c10); c11 = madd(s, b1, c11); c12 = madd(s, b2, c12); c13 = madd(s, b3, c13);
    s = v128.load32_splat(p, 8);
    c20 = madd(s, b0, c20); c21 = madd(s, b1, c21); c22 = madd(s, b2, c22); c23 = madd(s, b3, c23);
    s = v128.load32_splat(p, 12);
    c30 = madd(s, b0, c30); c31 = madd(s, b1, c31); c32 = madd(s, b2, c32); c33 = madd(s, b3, c33);
    p += step; q += outputStep;
  } while (--left);
  v128.store(sums, c00); v128.store(sums, c01, 16); v128.store(t, c02); v128.store(t, c03, 16);
  v128.store(sums, c10, 32); v128.store(sums, c11, 48); v128.store(t, c12, 32); v128.store(t, c13, 48);
  v128.store(sums, c20, 64); v128.store(sums, c21, 80); v128.store(t, c22, 64); v128.store(t, c23, 80);
  v128.store(sums, c30, 96); v128.store(sums, c31, 112); v128.store(t, c32, 96); v128.store(t, c33, 112);
}

/**
 * The strips of one chunk. Arguments as for `convolveWinograd` up to the prologue, with the output
 * gradient as output and slots, `[36][outputs / 8][channels][8]` for each chunk, as filter.
 */
export function sumWinogradProducts(args: usize, chunk: i32, scratch: usize): void {
  const x = arg(args, A.input), y = arg(args, A.outputGradient);
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
  const inputStep = capacity * bytes + 64;
  const outputStep = capacity * columns * 4 + 64;
  const pixels = stripTiles * 4 + 2;
  const zeros = scratch;
  const stage = zeros + pixels * bytes;
  const t = stage + 6 * pixels * bytes;
  const v = t + 6 * pixels * bytes;
  const e = v + 36 * inputStep;
  const half = e + 36 * outputStep;
  const tile = half + 96 * columns;
  const slotBytes = 36 * bytes * columns;
  const slot = arg(args, A.slots) + <usize>chunk * slotBytes;
  memory.fill(zeros, 0, pixels * bytes);
  memory.fill(slot, 0, slotBytes);

  const wide = roundUp(outputChannels, 4) * 4;
  const pixel = outputChannels * 4;
  const start = <usize>chunk * chunkStrips;
  const end = min(strips, start + chunkStrips);
  for (let block = start; block < end; block += blockStrips) {
    const count = min(blockStrips, end - block);
    let tiles: usize = 0;
    for (let i: usize = 0; i < count; i++) {
      const tileRow = (block + i) / stripsPerRow;
      const firstTile = (block + i - tileRow * stripsPerRow) * stripTiles;
      const image = tileRow / rowsOfTiles;
      const row = (tileRow - image * rowsOfTiles) * 4;
      const stripped = min(stripTiles, tilesPerRow - firstTile);
      loadStrip(
        x + image * height * width * channels * 4, row - padding, firstTile * 4 - padding,
        height, width, channels, stripped, v + tiles * bytes, inputStep, zeros, stage, t, args + 8 * A.prologueKind,
      );
      const gradient = y + image * outputHeight * outputWidth * pixel;
      for (let k: usize = 0; k < stripped; k++) {
        const column = (firstTile + k) * 4;
        const to = e + (tiles + k) * columns * 4;
        if (wide == pixel && row + 4 <= outputHeight && column + 4 <= outputWidth) {
          const from = gradient + (row * outputWidth + column) * pixel;
          spreadTile(from, outputWidth * pixel, pixel, wide, half, to, outputStep);
        } else {
          copyTile(gradient, row, column, outputHeight, outputWidth, outputChannels, tile);
          spreadTile(tile, 4 * wide, wide, wide, half, to, outputStep);
        }
      }
      tiles += stripped;
    }
    let sums = slot;
    for (let f: usize = 0; f < 36; f++) {
      const a = v + f * inputStep, b = e + f * outputStep;
      for (let output: usize = 0; output < columns; ) {
        const pair = PAIRS && columns - output >= 16;
        for (let at: usize = 0; at < bytes; at += 16) {
          const to = sums + at * 8;
          if (pair) addProductPairs(a + at, bytes, b + output * 4, columns * 4, tiles, to, bytes * 8);
          else addProducts(a + at, bytes, b + output * 4, columns * 4, tiles, to);
        }
        const taken: usize = pair ? 16 : 8;
        sums += taken * bytes; output += taken;
      }
    }
  }
}

/** Gᵀ u: six pairs of values, `step` bytes apart, to the `i`-th of three. */
// @ts-ignore: decorator
@inline
export function gatherTaps(u: usize, step: usize, i: usize): v128 {
  const six = f64x2.splat(6), u1 = v128.load(u + step), u2 = v128.load(u + 2 * step);
  const u3 = v128.load(u + 3 * step), u4 = v128.load(u + 4 * step);
  if (i == 1) {
    const outer = f64x2.div(f64x2.sub(u3, u4), f64x2.splat(12));
    return f64x2.add(f64x2.div(f64x2.sub(u2, u1), six), outer);
  }
  const outer = f64x2.add(u3, u4), inner = f64x2.add(u1, u2);
  if (i == 2) {
    return f64x2.add(f64x2.div(f64x2.sub(f64x2.sub(outer, u1), u2), six), v128.load(u + 5 * step));
  }
  const first = f64x2.div(v128.load(u), f64x2.splat(4));
  return f64x2.add(f64x2.sub(first, f64x2.div(inner, six)), f64x2.div(outer, f64x2.splat(24)));
}

/** Six by six pairs of values, `step` bytes apart, to three by three. Scratch: 18 pairs. */
export function gatherNine(sums: usize, step: usize, taps: usize, tapStep: usize, scratch: usize): void {
  for (let i: usize = 0; i < 6; i++) {
    const row = sums + i * 6 * step, to = scratch + i * 48;
    v128.store(to, gatherTaps(row, step, 0));
    v128.store(to, gatherTaps(row, step, 1), 16);
    v128.store(to, gatherTaps(row, step, 2), 32);
  }
  for (let v: usize = 0; v < 3; v++) {
    const column = scratch + v * 16, to = taps + v * tapStep;
    v128.store(to, gatherTaps(column, 48, 0));
    v128.store(to + 3 * tapStep, gatherTaps(column, 48, 1));
    v128.store(to + 6 * tapStep, gatherTaps(column, 48, 2));
  }
}

/**
 * A cache line of sixteen numbers, the sums over `count` slots in their order and in float64. Slots may
 * lie in one set of the cache, so that a line has to be used up when it comes.
 */
export function sumSlotLine(first: usize, count: usize, step: usize, to: usize): void {
  let p = first;
  let a = f64x2.splat(0), b = f64x2.splat(0), c = f64x2.splat(0), d = f64x2.splat(0);
  let e = f64x2.splat(0), f = f64x2.splat(0), g = f64x2.splat(0), h = f64x2.splat(0);
  for (let i: usize = 0; i < count; i++) {
    a = f64x2.add(a, f64x2.promote_low_f32x4(v128.load64_zero(p)));
    b = f64x2.add(b, f64x2.promote_low_f32x4(v128.load64_zero(p, 8)));
    c = f64x2.add(c, f64x2.promote_low_f32x4(v128.load64_zero(p, 16)));
    d = f64x2.add(d, f64x2.promote_low_f32x4(v128.load64_zero(p, 24)));
    e = f64x2.add(e, f64x2.promote_low_f32x4(v128.load64_zero(p, 32)));
    f = f64x2.add(f, f64x2.promote_low_f32x4(v128.load64_zero(p, 40)));
    g = f64x2.add(g, f64x2.promote_low_f32x4(v128.load64_zero(p, 48)));
    h = f64x2.add(h, f64x2.promote_low_f32x4(v128.load64_zero(p, 56)));
    p += step;
  }
  v128.store(to, a); v128.store(to, b, 16); v128.store(to, c, 32); v128.store(to, d, 48);
  v128.store(to, e, 64); v128.store(to, f, 80); v128.store(to, g, 96); v128.store(to, h, 112);
}

/**
 * Adds the slots and transforms the sums back, four input channels a chunk. Arguments: slots, filter
 * gradient `[3, 3, channels, outputs]`, number of slots, channels, outputs. Scratch: 36 sums and 9
 * taps of four channels by eight outputs, and 18 pairs, in float64.
 */
export function finishWinogradFilter(args: usize, chunk: i32, scratch: usize): void {
  const slots = arg(args, F.slots), gradient = arg(args, F.filterGradient);
  const count = arg(args, F.slotCount);
  const channels = arg(args, F.channels), outputs = arg(args, F.outputs);
  const wide = roundUp(channels, 4), firstChannel = <usize>chunk * 4;
  const blocks = (outputs + 7) / 8;
  const slotBytes = 36 * wide * blocks * 32;
  const taps = scratch + 36 * 256, pairs = taps + 9 * 256;
  for (let block: usize = 0; block < blocks; block++) {
    for (let f: usize = 0; f < 36; f++) {
      const first = slots + ((f * blocks + block) * wide + firstChannel) * 32;
      sumSlotLine(first, count, slotBytes, scratch + f * 256);
      sumSlotLine(first + 64, count, slotBytes, scratch + f * 256 + 128);
    }
    for (let p: usize = 0; p < 256; p += 16) gatherNine(scratch + p, 256, taps + p, 256, pairs);
    for (let tap: usize = 0; tap < 9; tap++) {
      for (let k: usize = 0; k < min<usize>(4, channels - firstChannel); k++) {
        const row = gradient + (tap * channels + firstChannel + k) * outputs * 4;
        for (let output = block * 8, p = taps + tap * 256 + k * 64; output < min(outputs, block * 8 + 8); output += 4) {
          storeLanes(row + output * 4, rounded(v128.load(p), v128.load(p, 16)), outputs - output);
          p += 32;
        }
      }
    }
  }
}
