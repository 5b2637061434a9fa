// The output layer: small matrix products, 4 rows by 4 columns at a time.
import { MultiplyMatrices as M, TransposeMatrix as T } from "./generated/arguments";
import { arg, loadLanes, madd, storeLanes } from "./simd";

/**
 * `y[rows][columns] = a · b + bias`, 4 rows a chunk. Arguments: a, distance of its rows and of its
 * columns in bytes, b `[inner][columns]`, bias or 0, y, rows, columns, inner.
 */
export function multiplyMatrices(args: usize, chunk: i32, scratch: usize): void {
  const rowStep = arg(args, M.rowStep);
  const innerStep = arg(args, M.columnStep);
  const b = arg(args, M.b);
  const bias = arg(args, M.bias);
  const rows = arg(args, M.rows);
  const columns = arg(args, M.columns);
  const inner = arg(args, M.inner);
  const row = <usize>chunk * 4;
  const count = min<usize>(4, rows - row);
  const a = arg(args, M.a) + row * rowStep;
  const y = arg(args, M.product) + row * columns * 4;
  // Rows that do not exist repeat the first one.
  const second = count > 1 ? rowStep : 0;
  const third = count > 2 ? 2 * rowStep : 0;
  const fourth = count > 3 ? 3 * rowStep : 0;
  for (let column: usize = 0; column < columns; column += 4) {
    const lanes = columns - column;
    const start = bias ? loadLanes(bias + column * 4, lanes) : f32x4.splat(0);
    let c0 = f32x4.splat(0);
    let c1 = f32x4.splat(0);
    let c2 = f32x4.splat(0);
    let c3 = f32x4.splat(0);
    let p = a;
    let q = b + column * 4;
    for (let k: usize = 0; k < inner; k++) {
      const v = loadLanes(q, lanes);
      c0 = madd(v128.load32_splat(p), v, c0);
      c1 = madd(v128.load32_splat(p + second), v, c1);
      c2 = madd(v128.load32_splat(p + third), v, c2);
      c3 = madd(v128.load32_splat(p + fourth), v, c3);
      p += innerStep;
      q += columns * 4;
    }
    const o = y + column * 4;
    storeLanes(o, f32x4.add(c0, start), lanes);
    if (count > 1) storeLanes(o + columns * 4, f32x4.add(c1, start), lanes);
    if (count > 2) storeLanes(o + columns * 8, f32x4.add(c2, start), lanes);
    if (count > 3) storeLanes(o + columns * 12, f32x4.add(c3, start), lanes);
  }
}

/** One row of `a[rows][columns]` a chunk. Arguments: a, its transpose, rows, columns. */
export function transposeMatrix(args: usize, chunk: i32, scratch: usize): void {
  const rows = arg(args, T.rows);
  const columns = arg(args, T.columns);
  let p = arg(args, T.matrix) + <usize>chunk * columns * 4;
  let o = arg(args, T.transposed) + <usize>chunk * 4;
  for (let column: usize = 0; column < columns; column++) {
    f32.store(o, f32.load(p));
    p += 4;
    o += rows * 4;
  }
}
