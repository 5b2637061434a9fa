// Matrix product of the Winograd convolution: 4 rows by 8 columns stay in registers.
import { listPixels, multiplyPixels } from "./panels";
import { madd } from "./simd";

// Rows of 16, 32, 64 float32: offsetof<Row>() is a constant that can be the offset of a load, which
// saves the registers and additions of three more pointers.
@unmanaged class Row4 { a: v128; }
@unmanaged class Row16 extends Row4 { b: v128; c: v128; d: v128; }
@unmanaged class Row32 extends Row16 { e: v128; f: v128; g: v128; h: v128; }
@unmanaged class Row64 extends Row32 {
  i: v128; j: v128; k: v128; l: v128; m: v128; n: v128; o: v128; p: v128;
}

// @ts-ignore: decorator
@inline
export function multiply<Row>(v: usize, u: usize, columns: usize, m: usize, rows: usize): void {
  const step = columns * 4;
  for (let column: usize = 0; column < columns; column += 8) {
    const u0 = u + column * offsetof<Row>();
    let a = v;
    let o = m + column * 4;
    for (let row: usize = 0; row < rows; row += 4) {
      let c00 = f32x4.splat(0), c01 = f32x4.splat(0), c10 = f32x4.splat(0), c11 = f32x4.splat(0);
      let c20 = f32x4.splat(0), c21 = f32x4.splat(0), c30 = f32x4.splat(0), c31 = f32x4.splat(0);
      let b = u0;
      let k = <i32>(offsetof<Row>() / 4);
      do {
        const lo = v128.load(b);
        const hi = v128.load(b, 16);
        let s = v128.load32_splat(a);
        c00 = madd(s, lo, c00); c01 = madd(s, hi, c01);
        s = v128.load32_splat(a, offsetof<Row>());
        c10 = madd(s, lo, c10); c11 = madd(s, hi, c11);
        s = v128.load32_splat(a, 2 * offsetof<Row>());
        c20 = madd(s, lo, c20); c21 = madd(s, hi, c21);
        s = v128.load32_splat(a, 3 * offsetof<Row>());
        c30 = madd(s, lo, c30); c31 = madd(s, hi, c31);
        b += 32; a += 4;
      } while (--k);
      a += 3 * offsetof<Row>();
      v128.store(o, c00); v128.store(o, c01, 16); o += step;
      v128.store(o, c10); v128.store(o, c11, 16); o += step;
      v128.store(o, c20); v128.store(o, c21, 16); o += step;
      v128.store(o, c30); v128.store(o, c31, 16); o += step;
    }
  }
}

/** The same with 4 rows by 16 columns, which stay in registers of 256 bits where the engine makes pairs of vectors one. */
// @ts-ignore: decorator
@inline
export function multiplyPairs<Row>(v: usize, u: usize, columns: usize, m: usize, rows: usize): void {
  const step = columns * 4;
  for (let column: usize = 0; column < columns; column += 16) {
    const u0 = u + column * offsetof<Row>();
    let a = v;
    let o = m + column * 4;
    for (let row: usize = 0; row < rows; row += 4) {
      let c00 = f32x4.splat(0), c01 = f32x4.splat(0), c02 = f32x4.splat(0), c03 = f32x4.splat(0);
      let c10 = f32x4.splat(0), c11 = f32x4.splat(0), c12 = f32x4.splat(0), c13 = f32x4.splat(0);
      let c20 = f32x4.splat(0), c21 = f32x4.splat(0), c22 = f32x4.splat(0), c23 = f32x4.splat(0);
      let c30 = f32x4.splat(0), c31 = f32x4.splat(0), c32 = f32x4.splat(0), c33 = f32x4.splat(0);
      let b = u0;
      let k = <i32>(offsetof<Row>() / 4);
      do {
        const b0 = v128.load(b), b1 = v128.load(b, 16);
        const b2 = v128.load(b, 8 * offsetof<Row>()), b3 = v128.load(b, 8 * offsetof<Row>() + 16);
        let s = v128.load32_splat(a);
        c00 = madd(s, b0, c00); c01 = madd(s, b1, c01); c02 = madd(s, b2, c02); c03 = madd(s, b3, c03);
        s = v128.load32_splat(a, offsetof<Row>());
        c10 = madd(s, b0, c10); c11 = madd(s, b1, c11); c12 = madd(s, b2, c12); c13 = madd(s, b3, c13);
        s = v128.load32_splat(a, 2 * offsetof<Row>());
        c20 = madd(s, b0, c20); c21 = madd(s, b1, c21); c22 = madd(s, b2, c22); c23 = madd(s, b3, c23);
        s = v128.load32_splat(a, 3 * offsetof<Row>());
        c30 = madd(s, b0, c30); c31 = madd(s, b1, c31); c32 = madd(s, b2, c32); c33 = madd(s, b3, c33);
        b += 32; a += 4;
      } while (--k);
      a += 3 * offsetof<Row>();
      v128.store(o, c00); v128.store(o, c01, 16); v128.store(o, c02, 32); v128.store(o, c03, 48); o += step;
      v128.store(o, c10); v128.store(o, c11, 16); v128.store(o, c12, 32); v128.store(o, c13, 48); o += step;
      v128.store(o, c20); v128.store(o, c21, 16); v128.store(o, c22, 32); v128.store(o, c23, 48); o += step;
      v128.store(o, c30); v128.store(o, c31, 16); v128.store(o, c32, 32); v128.store(o, c33, 48); o += step;
    }
  }
}

// @ts-ignore: decorator
@inline
export function multiplyRow<Row>(v: usize, u: usize, columns: usize, m: usize, rows: usize): void {
  if (PAIRS && !(columns & 15)) multiplyPairs<Row>(v, u, columns, m, rows);
  else multiply<Row>(v, u, columns, m, rows);
}

export function multiply16(v: usize, u: usize, columns: usize, m: usize, rows: usize): void {
  multiplyRow<Row16>(v, u, columns, m, rows);
}
export function multiply32(v: usize, u: usize, columns: usize, m: usize, rows: usize): void {
  multiplyRow<Row32>(v, u, columns, m, rows);
}
export function multiply64(v: usize, u: usize, columns: usize, m: usize, rows: usize): void {
  multiplyRow<Row64>(v, u, columns, m, rows);
}

/**
 * `m[rows][columns] = v[rows][K] · u`, with u packed `[columns / 8][K][8]`. A row of v has `bytes`;
 * rows are a multiple of 4, columns of 8. Scratch: two lists of addresses and what `multiplyPixels` takes.
 */
export function multiplyRows(
  v: usize, u: usize, columns: usize, m: usize, rows: usize, bytes: usize, scratch: usize,
): void {
  if (bytes == 64) multiply16(v, u, columns, m, rows);
  else if (bytes == 128) multiply32(v, u, columns, m, rows);
  else if (bytes == 256) multiply64(v, u, columns, m, rows);
  else {
    const to = scratch + rows * 4;
    listPixels(v, 1, 0, rows, bytes, scratch);
    listPixels(m, 1, 0, rows, columns * 4, to);
    memory.fill(m, 0, rows * columns * 4);
    multiplyPixels(scratch, 0, rows / 4, 1, 0, 1, 0, bytes / 4, u, to, 0, columns, to + rows * 4);
  }
}
