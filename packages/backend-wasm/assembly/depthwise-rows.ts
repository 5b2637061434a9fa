// One row of a depthwise convolution, four channels a vector, all vectors of a group in one call. The
// tiles are as large as the registers of an engine allow.
import { madd } from "./simd";

/** One pixel of four channels: `parts` by `rows` by `columns` taps, which follow each other at `filter`. */
// @ts-ignore: decorator
@inline
export function onePixel(
  x: usize, partStep: usize, rowStep: usize, filter: usize, parts: usize, rows: usize, columns: usize,
): v128 {
  let c = f32x4.splat(0);
  let w = filter;
  for (let part: usize = 0; part < parts; part++) {
    for (let row: usize = 0; row < rows; row++) {
      let p = x + part * partStep + row * rowStep;
      for (let column: usize = 0; column < columns; column++) {
        c = madd(v128.load(p), v128.load(w), c);
        w += 16; p += 16;
      }
    }
  }
  return c;
}

/** A row of `pixels` pixels, `step` bytes apart in the strip, of `vectors` vectors. */
export function rowOfPixels(
  x: usize, vectorStep: usize, partStep: usize, rowStep: usize, step: usize, filter: usize, filterStep: usize,
  parts: usize, rows: usize, columns: usize, y: usize, outputStep: usize, pixels: usize, vectors: usize,
): void {
  for (let v: usize = 0; v < vectors; v++) {
    const from = x + v * vectorStep, taps = filter + v * filterStep;
    for (let j: usize = 0; j < pixels; j++) {
      const c = onePixel(from + j * step, partStep, rowStep, taps, parts, rows, columns);
      v128.store(y + v * 16 + j * outputStep, c);
    }
  }
}

/**
 * The same, seven pixels at a time; the last few may be computed twice, with the same result. `step` is
 * four times the size of `T`, as offsets have to be constants. Engines load all seven before they
 * multiply: one more and they run out of registers.
 */
// @ts-ignore: decorator
@inline
export function rowOfSevens<T>(
  x: usize, vectorStep: usize, partStep: usize, rowStep: usize, filter: usize, filterStep: usize,
  parts: usize, rows: usize, columns: usize, y: usize, outputStep: usize, pixels: usize, vectors: usize,
): void {
  for (let v: usize = 0; v < vectors; v++) {
    for (let j: usize = 0; j < pixels; j += 7) {
      j = min(j, pixels - 7);
      let c0 = f32x4.splat(0), c1 = f32x4.splat(0), c2 = f32x4.splat(0), c3 = f32x4.splat(0);
      let c4 = f32x4.splat(0), c5 = f32x4.splat(0), c6 = f32x4.splat(0);
      let w = filter + v * filterStep, part = x + v * vectorStep + j * 4 * sizeof<T>(), partsLeft = parts;
      do {
        let row = part, rowsLeft = rows;
        do {
          let p = row, columnsLeft = columns;
          do {
            const tap = v128.load(w);
            c0 = madd(v128.load(p), tap, c0);
            c1 = madd(v128.load(p, 4 * sizeof<T>()), tap, c1);
            c2 = madd(v128.load(p, 8 * sizeof<T>()), tap, c2);
            c3 = madd(v128.load(p, 12 * sizeof<T>()), tap, c3);
            c4 = madd(v128.load(p, 16 * sizeof<T>()), tap, c4);
            c5 = madd(v128.load(p, 20 * sizeof<T>()), tap, c5);
            c6 = madd(v128.load(p, 24 * sizeof<T>()), tap, c6);
            w += 16; p += 16;
          } while (--columnsLeft);
          row += rowStep;
        } while (--rowsLeft);
        part += partStep;
      } while (--partsLeft);
      let o = y + v * 16 + j * outputStep;
      v128.store(o, c0); o += outputStep;
      v128.store(o, c1); o += outputStep;
      v128.store(o, c2); o += outputStep;
      v128.store(o, c3); o += outputStep;
      v128.store(o, c4); o += outputStep;
      v128.store(o, c5); o += outputStep;
      v128.store(o, c6);
    }
  }
}
export function rowOfNeighbours(
  x: usize, vectorStep: usize, partStep: usize, rowStep: usize, filter: usize, filterStep: usize,
  parts: usize, rows: usize, columns: usize, y: usize, outputStep: usize, pixels: usize, vectors: usize,
): void {
  rowOfSevens<f32>(
    x, vectorStep, partStep, rowStep, filter, filterStep, parts, rows, columns, y, outputStep, pixels, vectors,
  );
}
export function rowOfStrideTwo(
  x: usize, vectorStep: usize, partStep: usize, rowStep: usize, filter: usize, filterStep: usize,
  parts: usize, rows: usize, columns: usize, y: usize, outputStep: usize, pixels: usize, vectors: usize,
): void {
  rowOfSevens<f64>(
    x, vectorStep, partStep, rowStep, filter, filterStep, parts, rows, columns, y, outputStep, pixels, vectors,
  );
}

/** c + a · x + b · y + d · z */
// @ts-ignore: decorator
@inline
export function addColumn(c: v128, a: v128, x: v128, b: v128, y: v128, d: v128, z: v128): v128 {
  return madd(z, d, madd(y, b, madd(x, a, c)));
}

/**
 * A row of neighbours with three by three taps. The taps stay in registers: each column of the strip
 * is read once, and ends one pixel, goes on with the next and begins the one after it.
 */
export function rowOfThree(
  x: usize, vectorStep: usize, rowStep: usize, filter: usize, filterStep: usize,
  y: usize, outputStep: usize, pixels: usize, vectors: usize,
): void {
  const zero = f32x4.splat(0);
  let first = x, w = filter;
  for (let v: usize = 0; v < vectors; v++) {
    const a0 = v128.load(w), a1 = v128.load(w, 16), a2 = v128.load(w, 32);
    const b0 = v128.load(w, 48), b1 = v128.load(w, 64), b2 = v128.load(w, 80);
    const d0 = v128.load(w, 96), d1 = v128.load(w, 112), d2 = v128.load(w, 128);
    let p = first, q = p + rowStep, r = q + rowStep, o = y + v * 16;
    let s = v128.load(p), t = v128.load(q), u = v128.load(r);
    let ending = addColumn(zero, a0, s, b0, t, d0, u);
    s = v128.load(p, 16); t = v128.load(q, 16); u = v128.load(r, 16);
    ending = addColumn(ending, a1, s, b1, t, d1, u);
    let next = addColumn(zero, a0, s, b0, t, d0, u);
    p += 32; q += 32; r += 32;
    const end = p + pixels * 16;
    do {
      s = v128.load(p); t = v128.load(q); u = v128.load(r);
      v128.store(o, addColumn(ending, a2, s, b2, t, d2, u));
      ending = addColumn(next, a1, s, b1, t, d1, u);
      next = addColumn(zero, a0, s, b0, t, d0, u);
      p += 16; q += 16; r += 16; o += outputStep;
    } while (p < end);
    first += vectorStep; w += filterStep;
  }
}

/** A row of any kind, of whole vectors. */
export function depthwiseRow(
  x: usize, vectorStep: usize, partStep: usize, rowStep: usize, step: usize, filter: usize, filterStep: usize,
  parts: usize, rows: usize, columns: usize, y: usize, outputStep: usize, pixels: usize, vectors: usize,
): void {
  if (step == 16 && rows == 3 && columns == 3 && parts == 1) {
    rowOfThree(x, vectorStep, rowStep, filter, filterStep, y, outputStep, pixels, vectors);
  } else if (step > 32 || pixels < 7) {
    rowOfPixels(
      x, vectorStep, partStep, rowStep, step, filter, filterStep, parts, rows, columns, y, outputStep, pixels, vectors,
    );
  } else if (step == 16) {
    rowOfNeighbours(
      x, vectorStep, partStep, rowStep, filter, filterStep, parts, rows, columns, y, outputStep, pixels, vectors,
    );
  } else {
    rowOfStrideTwo(
      x, vectorStep, partStep, rowStep, filter, filterStep, parts, rows, columns, y, outputStep, pixels, vectors,
    );
  }
}
