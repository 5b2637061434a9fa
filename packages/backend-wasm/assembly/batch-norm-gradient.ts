// Gradient of BatchNorm, over the same rows as batch-norm.ts. With g the output gradient where ReLU
// let it pass, a first pass sums g and g · (x − mean), a second one computes
// dx = p · g + q · (x − mean) + r.
import { BatchNormGradientSums as S, BatchNormGradientInput as I } from "./generated/arguments";
import { isWide } from "./batch-norm";
import { addNumbers } from "./elementwise";
import { arg, madd, wherePositive } from "./simd";

/** No ReLU; the mask recomputed from the input; the same and g is written; the mask taken from the output and g written. */
const NONE: usize = 0;
const RECOMPUTED: usize = 1;
const WRITTEN: usize = 2;
const OUTPUT: usize = 3;

/** Bytes of a slot: sums of g and g · (x − mean) in float64 `[2][width]`, and those of a block of wide rows in float32. */
// @ts-ignore: decorator
@inline
export function gradientSumsBytes(width: usize): usize {
  return width * 24;
}

/** Numbers in a block of each tensor: 8 KB. */
// @ts-ignore: decorator
@inline
export function gradientBlockRows(width: usize): usize {
  return max<usize>(32, 2048 / width);
}

// @ts-ignore: decorator
@inline
export function addLanes(slot: usize, sums: v128): void {
  f64.store(slot, f64.load(slot) + <f64>f32x4.extract_lane(sums, 0));
  f64.store(slot, f64.load(slot, 8) + <f64>f32x4.extract_lane(sums, 1), 8);
  f64.store(slot, f64.load(slot, 16) + <f64>f32x4.extract_lane(sums, 2), 16);
  f64.store(slot, f64.load(slot, 24) + <f64>f32x4.extract_lane(sums, 3), 24);
}

/** The same as `sumRows` below, a row at a time: the sums of the block lie in the slot. */
// @ts-ignore: decorator
@inline
export function sumWideRows(
  mask: usize, dy: usize, x: usize, y: usize, g: usize,
  rows: usize, width: usize, coefficients: usize, slot: usize,
): void {
  const step = width * 4;
  const block = slot + 4 * step;
  memory.fill(block, 0, 2 * step);
  let p = dy, q = x, r = y, o = g;
  const end = dy + rows * step;
  do {
    let m = coefficients, a = m + step, b = a + step, s = block, t = s + step;
    const last = coefficients + step;
    do {
      let passed = v128.load(p);
      const centred = f32x4.sub(v128.load(q), v128.load(m));
      if (mask == RECOMPUTED || mask == WRITTEN) {
        passed = wherePositive(passed, madd(centred, v128.load(a), v128.load(b)));
        a += 16; b += 16;
      }
      if (mask == OUTPUT) {
        passed = wherePositive(passed, v128.load(r));
        r += 16;
      }
      if (mask == WRITTEN || mask == OUTPUT) {
        v128.store(o, passed);
        o += 16;
      }
      v128.store(s, f32x4.add(v128.load(s), passed));
      v128.store(t, madd(passed, centred, v128.load(t)));
      p += 16; q += 16; m += 16; s += 16; t += 16;
    } while (m < last);
  } while (p < end);
  for (let column: usize = 0; column < step; column += 16) {
    addLanes(slot + 2 * column, v128.load(block + column));
    addLanes(slot + 2 * (step + column), v128.load(block + step + column));
  }
}

/** Adds the sums of `rows` rows to the slot, and may write g. */
// @ts-ignore: decorator
@inline
export function sumRows(
  mask: usize, dy: usize, x: usize, y: usize, g: usize,
  rows: usize, width: usize, coefficients: usize, slot: usize,
): void {
  const step = width * 4;
  if (isWide(width)) {
    sumWideRows(mask, dy, x, y, g, rows, width, coefficients, slot);
    return;
  }
  for (let column: usize = 0; column < step; column += 32) {
    const c = coefficients + column;
    const m0 = v128.load(c), m1 = v128.load(c, 16);
    const a0 = v128.load(c + step), a1 = v128.load(c + step, 16);
    const b0 = v128.load(c + 2 * step), b1 = v128.load(c + 2 * step, 16);
    let s0 = f32x4.splat(0), s1 = f32x4.splat(0), t0 = f32x4.splat(0), t1 = f32x4.splat(0);
    let p = dy + column, q = x + column, r = y + column, o = g + column;
    const end = p + rows * step;
    do {
      let g0 = v128.load(p), g1 = v128.load(p, 16);
      const x0 = f32x4.sub(v128.load(q), m0), x1 = f32x4.sub(v128.load(q, 16), m1);
      if (mask == RECOMPUTED || mask == WRITTEN) {
        g0 = wherePositive(g0, madd(x0, a0, b0));
        g1 = wherePositive(g1, madd(x1, a1, b1));
      }
      if (mask == OUTPUT) {
        g0 = wherePositive(g0, v128.load(r));
        g1 = wherePositive(g1, v128.load(r, 16));
        r += step;
      }
      if (mask == WRITTEN || mask == OUTPUT) {
        v128.store(o, g0);
        v128.store(o, g1, 16);
        o += step;
      }
      s0 = f32x4.add(s0, g0); s1 = f32x4.add(s1, g1);
      t0 = madd(g0, x0, t0); t1 = madd(g1, x1, t1);
      p += step; q += step;
    } while (p < end);
    const sums = slot + 2 * column;
    addLanes(sums, s0); addLanes(sums + 32, s1);
    addLanes(sums + 2 * step, t0); addLanes(sums + 2 * step + 32, t1);
  }
}
export function sumPlain(dy: usize, x: usize, rows: usize, width: usize, c: usize, slot: usize): void {
  sumRows(NONE, dy, x, 0, 0, rows, width, c, slot);
}
export function sumRecomputed(dy: usize, x: usize, rows: usize, width: usize, c: usize, slot: usize): void {
  sumRows(RECOMPUTED, dy, x, 0, 0, rows, width, c, slot);
}
export function sumWritten(
  dy: usize, x: usize, g: usize, rows: usize, width: usize, c: usize, slot: usize,
): void {
  sumRows(WRITTEN, dy, x, 0, g, rows, width, c, slot);
}
export function sumOutput(
  dy: usize, x: usize, y: usize, g: usize, rows: usize, width: usize, c: usize, slot: usize,
): void {
  sumRows(OUTPUT, dy, x, y, g, rows, width, c, slot);
}
function sum(
  mask: usize, dy: usize, x: usize, y: usize, g: usize,
  rows: usize, width: usize, c: usize, slot: usize,
): void {
  if (mask == OUTPUT) sumOutput(dy, x, y, g, rows, width, c, slot);
  else if (mask == WRITTEN) sumWritten(dy, x, g, rows, width, c, slot);
  else if (mask == RECOMPUTED) sumRecomputed(dy, x, rows, width, c, slot);
  else sumPlain(dy, x, rows, width, c, slot);
}

/** Adds the sums of any number of rows to the slot, a block at a time; `addend` or 0 as below. */
export function addGradientSums(
  mask: usize, dy: usize, addend: usize, x: usize, y: usize, g: usize,
  rows: usize, width: usize, c: usize, slot: usize,
): void {
  for (let row: usize = 0; row < rows; row += gradientBlockRows(width)) {
    const at = row * width * 4;
    const count = min(gradientBlockRows(width), rows - row);
    let from = dy + at;
    if (addend) {
      addNumbers(from, addend + at, g + at, count * width * 4);
      from = g + at;
    }
    sum(mask, from, x + at, y + at, g + at, count, width, c, slot);
  }
}

/**
 * Sums of one chunk. Arguments: output gradient, input, output (0 unless it has the mask) and
 * g (0 unless it is written), coefficients (mean, scale, beta), slots, width, rows,
 * rows in a chunk, numbers behind the last row, mask; another tensor to be added to the output
 * gradient first, or 0: only with the mask from the output and without a rest. Scratch: 4 rows.
 */
export function batchNormGradientSums(args: usize, chunk: i32, scratch: usize): void {
  const dy = arg(args, S.outputGradient), x = arg(args, S.input), y = arg(args, S.output);
  const g = arg(args, S.masked), c = arg(args, S.coefficients);
  const width = arg(args, S.width), rows = arg(args, S.rows), chunkRows = arg(args, S.chunkRows);
  const rest = arg(args, S.rest) * 4;
  const mask = arg(args, S.mask), second = arg(args, S.addend);
  const step = width * 4;
  const slot = arg(args, S.slots) + <usize>chunk * gradientSumsBytes(width);
  memory.fill(slot, 0, gradientSumsBytes(width));
  const end = min(rows, (<usize>chunk + 1) * chunkRows);
  const start = <usize>chunk * chunkRows;
  const first = start * step;
  addGradientSums(
    mask, dy + first, second ? second + first : 0, x + first, y + first, g + first,
    end - start, width, c, slot,
  );
  if (rest && end == rows) {
    const at = rows * step;
    memory.fill(scratch, 0, 4 * step);
    memory.copy(scratch, dy + at, rest);
    memory.copy(scratch + step, x + at, rest);
    if (mask == OUTPUT) memory.copy(scratch + 2 * step, y + at, rest);
    sum(
      mask, scratch, scratch + step, scratch + 2 * step, scratch + 3 * step, 1, width, c, slot,
    );
    if (mask == WRITTEN || mask == OUTPUT) memory.copy(g + at, scratch + 3 * step, rest);
  }
}

/** dx of `rows` rows; `coefficients[6][width]`: mean, scale, beta, p, q, r. */
// @ts-ignore: decorator
@inline
export function inputRows(
  mask: usize, g: usize, x: usize, dx: usize, rows: usize, width: usize, coefficients: usize,
): void {
  const step = width * 4;
  for (let column: usize = 0; column < step; column += 16) {
    let c = coefficients + column;
    const mean = v128.load(c); c += step;
    const scale = v128.load(c); c += step;
    const beta = v128.load(c); c += step;
    const p = v128.load(c); c += step;
    const q = v128.load(c); c += step;
    const r = v128.load(c);
    let i = g + column, j = x + column, o = dx + column;
    const end = i + rows * step;
    do {
      const centred = f32x4.sub(v128.load(j), mean);
      let passed = v128.load(i);
      if (mask == RECOMPUTED) passed = wherePositive(passed, madd(centred, scale, beta));
      v128.store(o, madd(passed, p, madd(centred, q, r)));
      i += step; j += step; o += step;
    } while (i < end);
  }
}
export function inputPlain(g: usize, x: usize, dx: usize, rows: usize, width: usize, c: usize): void {
  inputRows(NONE, g, x, dx, rows, width, c);
}
export function inputRecomputed(g: usize, x: usize, dx: usize, rows: usize, width: usize, c: usize): void {
  inputRows(RECOMPUTED, g, x, dx, rows, width, c);
}

/**
 * dLoss/dInput of one chunk. Arguments: output gradient or g, input, its gradient, coefficients,
 * width, rows, rows in a chunk, numbers behind the last row, whether the mask is recomputed.
 * Scratch: 3 rows.
 */
export function batchNormGradientInput(args: usize, chunk: i32, scratch: usize): void {
  const g = arg(args, I.gradient), x = arg(args, I.input), dx = arg(args, I.inputGradient);
  const c = arg(args, I.coefficients);
  const width = arg(args, I.width), rows = arg(args, I.rows), chunkRows = arg(args, I.chunkRows);
  const rest = arg(args, I.rest) * 4;
  const masked = arg(args, I.recomputed) != 0;
  const step = width * 4;
  const end = min(rows, (<usize>chunk + 1) * chunkRows);
  const block = isWide(width) ? 1 : gradientBlockRows(width);
  for (let row = <usize>chunk * chunkRows; row < end; row += block) {
    const at = row * step;
    const count = min(block, end - row);
    if (masked) inputRecomputed(g + at, x + at, dx + at, count, width, c);
    else inputPlain(g + at, x + at, dx + at, count, width, c);
  }
  if (rest && end == rows) {
    const at = rows * step;
    memory.copy(scratch, g + at, rest);
    memory.copy(scratch + step, x + at, rest);
    if (masked) inputRecomputed(scratch, scratch + step, scratch + 2 * step, 1, width, c);
    else inputPlain(scratch, scratch + step, scratch + 2 * step, 1, width, c);
    memory.copy(dx + at, scratch + 2 * step, rest);
  }
}
