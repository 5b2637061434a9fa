// BatchNorm. A tensor `[pixels, channels]` is read as `[rows, width]` with `width` the least common
// multiple of the channels and 16, so that any number of channels fills whole vectors: column j
// belongs to channel j mod channels. What is left behind the last whole row, fewer than `width`
// numbers, goes through the scratch memory as one row more.
//
// Row functions work on blocks of a few thousand numbers, channels inside, so that each pass over
// the memory is one pass. Columns outermost would read the tensor once for each group of columns.
import { BatchNormStatistics as S, BatchNormApply as A } from "./generated/arguments";
import { arg, madd, relu } from "./simd";

/** Numbers in a block: 16 KB, a third of a first-level cache. */
const BLOCK: usize = 4096;

// @ts-ignore: decorator
@inline
export function blockRows(width: usize): usize {
  return max<usize>(32, BLOCK / width);
}

/** Wide rows are gone through one after the other: a part of a cache line of each at a time would be read again and again. */
// @ts-ignore: decorator
@inline
export function isWide(width: usize): bool {
  return width >= 128;
}

/** Merges sum and centred square sum of k values into a float64 mean and M2 (Chan et al. 1979). */
// @ts-ignore: decorator
@inline
export function mergeColumn(
  sum: f32, squares: f32, centre: f32, slot: usize, width: usize, k: f64, share: f64, weight: f64,
): void {
  const exact = <f64>sum / k;
  const shift = exact - <f64>centre; // the centre was rounded to float32
  const delta = exact - f64.load(slot);
  f64.store(slot, f64.load(slot) + delta * share);
  const m2 = <f64>squares - shift * shift * k + delta * delta * weight;
  f64.store(slot + width * 8, f64.load(slot + width * 8) + m2);
}

function mergeColumns(
  sum: v128, squares: v128, centre: v128, slot: usize, width: usize, k: f64, share: f64, weight: f64,
): void {
  mergeColumn(f32x4.extract_lane(sum, 0), f32x4.extract_lane(squares, 0), f32x4.extract_lane(centre, 0), slot, width, k, share, weight);
  mergeColumn(f32x4.extract_lane(sum, 1), f32x4.extract_lane(squares, 1), f32x4.extract_lane(centre, 1), slot + 8, width, k, share, weight);
  mergeColumn(f32x4.extract_lane(sum, 2), f32x4.extract_lane(squares, 2), f32x4.extract_lane(centre, 2), slot + 16, width, k, share, weight);
  mergeColumn(f32x4.extract_lane(sum, 3), f32x4.extract_lane(squares, 3), f32x4.extract_lane(centre, 3), slot + 24, width, k, share, weight);
}

/** Mean and M2 of `rows` rows at x, 16 columns at a time, merged with those of `seen` rows. */
export function blockStatistics(x: usize, rows: usize, width: usize, seen: usize, slot: usize): void {
  const step = width * 4;
  const k = <f64>rows;
  const share = k / <f64>(seen + rows);
  const inverse = f32x4.splat(<f32>1 / <f32>rows);
  for (let column: usize = 0; column < width; column += 16) {
    const first = x + column * 4;
    const end = first + rows * step;
    let a0 = f32x4.splat(0), a1 = f32x4.splat(0), a2 = f32x4.splat(0), a3 = f32x4.splat(0);
    let p = first;
    do {
      a0 = f32x4.add(a0, v128.load(p)); a1 = f32x4.add(a1, v128.load(p, 16));
      a2 = f32x4.add(a2, v128.load(p, 32)); a3 = f32x4.add(a3, v128.load(p, 48));
      p += step;
    } while (p < end);
    const m0 = f32x4.mul(a0, inverse), m1 = f32x4.mul(a1, inverse);
    const m2 = f32x4.mul(a2, inverse), m3 = f32x4.mul(a3, inverse);
    let s0 = f32x4.splat(0), s1 = f32x4.splat(0), s2 = f32x4.splat(0), s3 = f32x4.splat(0);
    p = first;
    do {
      let d = f32x4.sub(v128.load(p), m0); s0 = madd(d, d, s0);
      d = f32x4.sub(v128.load(p, 16), m1); s1 = madd(d, d, s1);
      d = f32x4.sub(v128.load(p, 32), m2); s2 = madd(d, d, s2);
      d = f32x4.sub(v128.load(p, 48), m3); s3 = madd(d, d, s3);
      p += step;
    } while (p < end);
    const weight = <f64>seen * share;
    const o = slot + column * 8;
    mergeColumns(a0, s0, m0, o, width, k, share, weight);
    mergeColumns(a1, s1, m1, o + 32, width, k, share, weight);
    mergeColumns(a2, s2, m2, o + 64, width, k, share, weight);
    mergeColumns(a3, s3, m3, o + 96, width, k, share, weight);
  }
}

/** Bytes of a slot: float64 mean `[width]`, M2 `[width]` and the number of rows. */
// @ts-ignore: decorator
@inline
export function statisticsBytes(width: usize): usize {
  return width * 16 + 64;
}

/** Merges the statistics of `rows` rows at x into a slot. */
export function addStatistics(x: usize, rows: usize, width: usize, slot: usize): void {
  let seen = <usize>f64.load(slot + width * 16);
  for (let row: usize = 0; row < rows; row += blockRows(width)) {
    const count = min(blockRows(width), rows - row);
    blockStatistics(x + row * width * 4, count, width, seen, slot);
    seen += count;
  }
  f64.store(slot + width * 16, <f64>seen);
}

/**
 * Statistics of the rows of one chunk. Arguments: input, slots, width, rows, rows in a chunk.
 */
export function batchNormStatistics(args: usize, chunk: i32, scratch: usize): void {
  const width = arg(args, S.width);
  const slot = arg(args, S.slots) + <usize>chunk * statisticsBytes(width);
  const start = <usize>chunk * arg(args, S.chunkRows);
  const end = min(arg(args, S.rows), start + arg(args, S.chunkRows));
  memory.fill(slot, 0, statisticsBytes(width));
  addStatistics(arg(args, S.input) + start * width * 4, end - start, width, slot);
}

/** y = relu((x − mean) · scale + beta + residual) of `rows` rows; `coefficients[3][width]`. */
// @ts-ignore: decorator
@inline
export function applyRows(
  activated: bool, joined: bool,
  x: usize, residual: usize, y: usize, rows: usize, width: usize, coefficients: usize,
): void {
  const step = width * 4;
  for (let column: usize = 0; column < step; column += 32) {
    const c = coefficients + column;
    const m0 = v128.load(c), m1 = v128.load(c, 16);
    const a0 = v128.load(c + step), a1 = v128.load(c + step, 16);
    const b0 = v128.load(c + 2 * step), b1 = v128.load(c + 2 * step, 16);
    let p = x + column, r = residual + column, o = y + column;
    const end = p + rows * step;
    do {
      let y0 = madd(f32x4.sub(v128.load(p), m0), a0, b0);
      let y1 = madd(f32x4.sub(v128.load(p, 16), m1), a1, b1);
      if (joined) {
        y0 = f32x4.add(y0, v128.load(r));
        y1 = f32x4.add(y1, v128.load(r, 16));
        r += step;
      }
      v128.store(o, activated ? relu(y0) : y0);
      v128.store(o, activated ? relu(y1) : y1, 16);
      p += step; o += step;
    } while (p < end);
  }
}
export function applyPlain(x: usize, r: usize, y: usize, rows: usize, width: usize, c: usize): void {
  applyRows(false, false, x, r, y, rows, width, c);
}
export function applyRelu(x: usize, r: usize, y: usize, rows: usize, width: usize, c: usize): void {
  applyRows(true, false, x, r, y, rows, width, c);
}
export function applyJoined(x: usize, r: usize, y: usize, rows: usize, width: usize, c: usize): void {
  applyRows(false, true, x, r, y, rows, width, c);
}
export function applyJoinedRelu(x: usize, r: usize, y: usize, rows: usize, width: usize, c: usize): void {
  applyRows(true, true, x, r, y, rows, width, c);
}
export function apply(
  activated: bool, x: usize, r: usize, y: usize, rows: usize, width: usize, c: usize,
): void {
  if (activated && r) applyJoinedRelu(x, r, y, rows, width, c);
  else if (activated) applyRelu(x, r, y, rows, width, c);
  else if (r) applyJoined(x, r, y, rows, width, c);
  else applyPlain(x, r, y, rows, width, c);
}

/**
 * Normalises the rows of one chunk. Arguments: input, residual or 0, output, coefficients (mean,
 * scale, beta: `[3][width]`), width, rows, rows in a chunk, numbers behind the last row, whether
 * ReLU follows. Scratch: 3 rows.
 */
export function batchNormApply(args: usize, chunk: i32, scratch: usize): void {
  const x = arg(args, A.input), residual = arg(args, A.residual), y = arg(args, A.output);
  const coefficients = arg(args, A.coefficients);
  const width = arg(args, A.width), rows = arg(args, A.rows), chunkRows = arg(args, A.chunkRows);
  const rest = arg(args, A.rest) * 4;
  const activated = arg(args, A.relu) != 0;
  const step = width * 4;
  const end = min(rows, (<usize>chunk + 1) * chunkRows);
  const block = isWide(width) ? 1 : blockRows(width);
  for (let row = <usize>chunk * chunkRows; row < end; row += block) {
    const at = row * step;
    const count = min(block, end - row);
    apply(activated, x + at, residual ? residual + at : 0, y + at, count, width, coefficients);
  }
  if (rest && end == rows) {
    const at = rows * step;
    memory.copy(scratch, x + at, rest);
    if (residual) memory.copy(scratch + step, residual + at, rest);
    apply(
      activated, scratch, residual ? scratch + step : 0, scratch + 2 * step, 1, width, coefficients,
    );
    memory.copy(y + at, scratch + 2 * step, rest);
  }
}
