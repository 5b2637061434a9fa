// Matrix product of the Winograd convolution: 4 rows by 8 columns stay in registers.
import { madd } from "./simd";

/**
 * `m[rows][columns] = v[rows][K] · u`, with u packed `[columns / 8][K][8]`. A row of v has `bytes`;
 * rows are a multiple of 4, columns of 8.
 */
export function multiplyRows(
  v: usize,
  u: usize,
  columns: usize,
  m: usize,
  rows: usize,
  bytes: usize,
): void {
  const step = columns * 4;
  for (let column: usize = 0; column < columns; column += 8) {
    const u0 = u + column * bytes;
    let a0 = v;
    let o = m + column * 4;
    for (let row: usize = 0; row < rows; row += 4) {
      let c00 = f32x4.splat(0);
      let c01 = f32x4.splat(0);
      let c10 = f32x4.splat(0);
      let c11 = f32x4.splat(0);
      let c20 = f32x4.splat(0);
      let c21 = f32x4.splat(0);
      let c30 = f32x4.splat(0);
      let c31 = f32x4.splat(0);
      let a1 = a0 + bytes;
      let a2 = a1 + bytes;
      let a3 = a2 + bytes;
      const end = a1;
      let b = u0;
      do {
        const lo = v128.load(b);
        const hi = v128.load(b, 16);
        let s = v128.load32_splat(a0);
        c00 = madd(s, lo, c00);
        c01 = madd(s, hi, c01);
        s = v128.load32_splat(a1);
        c10 = madd(s, lo, c10);
        c11 = madd(s, hi, c11);
        s = v128.load32_splat(a2);
        c20 = madd(s, lo, c20);
        c21 = madd(s, hi, c21);
        s = v128.load32_splat(a3);
        c30 = madd(s, lo, c30);
        c31 = madd(s, hi, c31);
        b += 32;
        a0 += 4;
        a1 += 4;
        a2 += 4;
        a3 += 4;
      } while (a0 < end);
      a0 = a3;
      v128.store(o, c00);
      v128.store(o, c01, 16);
      o += step;
      v128.store(o, c10);
      v128.store(o, c11, 16);
      o += step;
      v128.store(o, c20);
      v128.store(o, c21, 16);
      o += step;
      v128.store(o, c30);
      v128.store(o, c31, 16);
      o += step;
    }
  }
}
