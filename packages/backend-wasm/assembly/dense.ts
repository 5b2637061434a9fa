// The output layer: small matrix products, 4 rows by 4 columns at a time.
import { MultiplyByTransposed as T, MultiplyMatrices as M } from "./generated/arguments";
import { packPixels } from "./panels";
import { arg, loadLanes, madd, storeLanes } from "./simd";

/** Rows of b that stay in the cache while the rows of a chunk go over them. */
const INNER: usize = 64;

/**
 * Up to four rows of a by up to four columns of b, whose rows are `bStep` bytes apart, to y: from 0 if
 * they are the first of the sum, or to what is there. The last ones add a bias.
 */
export function multiplyTile(
  a: usize, rowStep: usize, innerStep: usize, rows: usize, b: usize, bStep: usize, columns: usize, inner: usize,
  y: usize, yStep: usize, first: bool, bias: usize,
): void {
  // Rows that do not exist repeat the first one.
  const second = rows > 1 ? rowStep : 0, ySecond = rows > 1 ? yStep : 0;
  const third = rows > 2 ? 2 * rowStep : 0, yThird = rows > 2 ? 2 * yStep : 0;
  const fourth = rows > 3 ? 3 * rowStep : 0, yFourth = rows > 3 ? 3 * yStep : 0;
  let c0 = f32x4.splat(0), c1 = f32x4.splat(0), c2 = f32x4.splat(0), c3 = f32x4.splat(0);
  if (!first) {
    c0 = loadLanes(y, columns); c1 = loadLanes(y + ySecond, columns);
    c2 = loadLanes(y + yThird, columns); c3 = loadLanes(y + yFourth, columns);
  }
  let p = a, q = b;
  for (let k: usize = 0; k < inner; k++) {
    const v = loadLanes(q, columns);
    c0 = madd(v128.load32_splat(p), v, c0);
    c1 = madd(v128.load32_splat(p + second), v, c1);
    c2 = madd(v128.load32_splat(p + third), v, c2);
    c3 = madd(v128.load32_splat(p + fourth), v, c3);
    p += innerStep; q += bStep;
  }
  if (bias) {
    const start = loadLanes(bias, columns);
    c0 = f32x4.add(c0, start); c1 = f32x4.add(c1, start);
    c2 = f32x4.add(c2, start); c3 = f32x4.add(c3, start);
  }
  storeLanes(y + yFourth, c3, columns); storeLanes(y + yThird, c2, columns);
  storeLanes(y + ySecond, c1, columns); storeLanes(y, c0, columns);
}

/**
 * `y[rows][columns] = a · b + bias`, a block of rows and columns a chunk. Arguments: a, distance of
 * its rows and of its columns in bytes, b `[inner][columns]`, bias or 0, y, rows, columns, inner, rows
 * and columns of a chunk.
 */
export function multiplyMatrices(args: usize, chunk: i32, scratch: usize): void {
  const rowStep = arg(args, M.rowStep), innerStep = arg(args, M.columnStep);
  const rows = arg(args, M.rows), columns = arg(args, M.columns), inner = arg(args, M.inner);
  const chunkRows = arg(args, M.chunkRows), chunkColumns = arg(args, M.chunkColumns);
  const blocks = (columns + chunkColumns - 1) / chunkColumns;
  const firstRow = (<usize>chunk / blocks) * chunkRows, endRow = min(rows, firstRow + chunkRows);
  const firstColumn = (<usize>chunk % blocks) * chunkColumns, endColumn = min(columns, firstColumn + chunkColumns);
  const bias = arg(args, M.bias), step = columns * 4;
  let k: usize = 0;
  do {
    const depth = min(INNER, inner - k), isLast = k + depth == inner;
    for (let row = firstRow; row < endRow; row += 4) {
      const a = arg(args, M.a) + row * rowStep + k * innerStep, y = arg(args, M.product) + row * step;
      for (let column = firstColumn; column < endColumn; column += 4) {
        multiplyTile(
          a, rowStep, innerStep, endRow - row, arg(args, M.b) + k * step + column * 4, step, endColumn - column, depth,
          y + column * 4, step, k == 0, isLast && bias != 0 ? bias + column * 4 : 0,
        );
      }
    }
    k += INNER;
  } while (k < inner);
}

/**
 * `y[rows][columns] = a · bᵀ` of `a[rows][inner]` and `b[columns][inner]`, some columns a chunk. Scratch:
 * four addresses, and four rows of b as `[inner][4]`.
 */
export function multiplyByTransposed(args: usize, chunk: i32, scratch: usize): void {
  const rows = arg(args, T.rows), columns = arg(args, T.columns), inner = arg(args, T.inner);
  const first = <usize>chunk * arg(args, T.chunkColumns), end = min(columns, first + arg(args, T.chunkColumns));
  const panel = scratch + 16, innerBytes = inner * 4;
  for (let column = first; column < end; column += 4) {
    const count = min<usize>(4, end - column);
    // Rows of b that do not exist repeat the first one.
    for (let i: usize = 0; i < 4; i++) {
      const row = column + (i < count ? i : 0);
      store<u32>(scratch + i * 4, <u32>(arg(args, T.b) + row * innerBytes));
    }
    packPixels(scratch, 1, 0, inner, panel, 0);
    for (let row: usize = 0; row < rows; row += 4) {
      multiplyTile(
        arg(args, T.a) + row * innerBytes, innerBytes, 4, rows - row, panel, 16, count, inner,
        arg(args, T.product) + (row * columns + column) * 4, columns * 4, true, 0,
      );
    }
  }
}
