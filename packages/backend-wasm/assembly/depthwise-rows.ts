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

/** A row of any kind, of whole vectors. */
export function depthwiseRow(
  x: usize, vectorStep: usize, partStep: usize, rowStep: usize, step: usize, filter: usize, filterStep: usize,
  parts: usize, rows: usize, columns: usize, y: usize, outputStep: usize, pixels: usize, vectors: usize,
): void {
  if (step > 32 || pixels < 7) {
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
