// Three and five taps beside each other at stride 1, where eight pixels share most of what they read.
import { madd, storeFour } from "./simd";

/** As `eightPixels`, with three columns of taps; pixels are neighbours. */
export function eightPixelsOfThree(
  x: usize, rowStep: usize, filter: usize, tapStep: usize, rows: usize,
  y: usize, outputStep: usize, lanes: usize,
): void {
  let c0 = f32x4.splat(0), c1 = f32x4.splat(0), c2 = f32x4.splat(0), c3 = f32x4.splat(0);
  let c4 = f32x4.splat(0), c5 = f32x4.splat(0), c6 = f32x4.splat(0), c7 = f32x4.splat(0);
  let first = x, w = filter;
  do {
    const w0 = v128.load(w); w += tapStep;
    const w1 = v128.load(w); w += tapStep;
    const w2 = v128.load(w); w += tapStep;
    let p = first;
    let s = v128.load(p); p += tapStep;
    c0 = madd(s, w0, c0);
    s = v128.load(p); p += tapStep;
    c1 = madd(s, w0, c1); c0 = madd(s, w1, c0);
    s = v128.load(p); p += tapStep;
    c2 = madd(s, w0, c2); c1 = madd(s, w1, c1); c0 = madd(s, w2, c0);
    s = v128.load(p); p += tapStep;
    c3 = madd(s, w0, c3); c2 = madd(s, w1, c2); c1 = madd(s, w2, c1);
    s = v128.load(p); p += tapStep;
    c4 = madd(s, w0, c4); c3 = madd(s, w1, c3); c2 = madd(s, w2, c2);
    s = v128.load(p); p += tapStep;
    c5 = madd(s, w0, c5); c4 = madd(s, w1, c4); c3 = madd(s, w2, c3);
    s = v128.load(p); p += tapStep;
    c6 = madd(s, w0, c6); c5 = madd(s, w1, c5); c4 = madd(s, w2, c4);
    s = v128.load(p); p += tapStep;
    c7 = madd(s, w0, c7); c6 = madd(s, w1, c6); c5 = madd(s, w2, c5);
    s = v128.load(p); p += tapStep;
    c7 = madd(s, w1, c7); c6 = madd(s, w2, c6);
    s = v128.load(p);
    c7 = madd(s, w2, c7);
    first += rowStep;
  } while (--rows);
  storeFour(y, outputStep, c0, c1, c2, c3, lanes);
  storeFour(y + 4 * outputStep, outputStep, c4, c5, c6, c7, lanes);
}

/** The same with five columns. */
export function eightPixelsOfFive(
  x: usize, rowStep: usize, filter: usize, tapStep: usize, rows: usize,
  y: usize, outputStep: usize, lanes: usize,
): void {
  let c0 = f32x4.splat(0), c1 = f32x4.splat(0), c2 = f32x4.splat(0), c3 = f32x4.splat(0);
  let c4 = f32x4.splat(0), c5 = f32x4.splat(0), c6 = f32x4.splat(0), c7 = f32x4.splat(0);
  let first = x, w = filter;
  do {
    const w0 = v128.load(w); w += tapStep;
    const w1 = v128.load(w); w += tapStep;
    const w2 = v128.load(w); w += tapStep;
    const w3 = v128.load(w); w += tapStep;
    const w4 = v128.load(w); w += tapStep;
    let p = first;
    let s = v128.load(p); p += tapStep;
    c0 = madd(s, w0, c0);
    s = v128.load(p); p += tapStep;
    c1 = madd(s, w0, c1); c0 = madd(s, w1, c0);
    s = v128.load(p); p += tapStep;
    c2 = madd(s, w0, c2); c1 = madd(s, w1, c1); c0 = madd(s, w2, c0);
    s = v128.load(p); p += tapStep;
    c3 = madd(s, w0, c3); c2 = madd(s, w1, c2); c1 = madd(s, w2, c1); c0 = madd(s, w3, c0);
    s = v128.load(p); p += tapStep;
    c4 = madd(s, w0, c4); c3 = madd(s, w1, c3); c2 = madd(s, w2, c2); c1 = madd(s, w3, c1); c0 = madd(s, w4, c0);
    s = v128.load(p); p += tapStep;
    c5 = madd(s, w0, c5); c4 = madd(s, w1, c4); c3 = madd(s, w2, c3); c2 = madd(s, w3, c2); c1 = madd(s, w4, c1);
    s = v128.load(p); p += tapStep;
    c6 = madd(s, w0, c6); c5 = madd(s, w1, c5); c4 = madd(s, w2, c4); c3 = madd(s, w3, c3); c2 = madd(s, w4, c2);
    s = v128.load(p); p += tapStep;
    c7 = madd(s, w0, c7); c6 = madd(s, w1, c6); c5 = madd(s, w2, c5); c4 = madd(s, w3, c4); c3 = madd(s, w4, c3);
    s = v128.load(p); p += tapStep;
    c7 = madd(s, w1, c7); c6 = madd(s, w2, c6); c5 = madd(s, w3, c5); c4 = madd(s, w4, c4);
    s = v128.load(p); p += tapStep;
    c7 = madd(s, w2, c7); c6 = madd(s, w3, c6); c5 = madd(s, w4, c5);
    s = v128.load(p); p += tapStep;
    c7 = madd(s, w3, c7); c6 = madd(s, w4, c6);
    s = v128.load(p);
    c7 = madd(s, w4, c7);
    first += rowStep;
  } while (--rows);
  storeFour(y, outputStep, c0, c1, c2, c3, lanes);
  storeFour(y + 4 * outputStep, outputStep, c4, c5, c6, c7, lanes);
}
