// a ∘ b for two tensors of one shape, for one number b, or for a row b that every row of a meets.
import { CombineRows as R, CombineTensors as A } from "./generated/arguments";
import { arg, loadLanes, storeLanes } from "./simd";

/** Operations, numbered as on the host. */
const ADD: usize = 0;
const SUBTRACT: usize = 1;
const MULTIPLY: usize = 2;
const DIVIDE: usize = 3;

// @ts-ignore: decorator
@inline
export function operate(operation: usize, a: v128, b: v128): v128 {
  if (operation == ADD) return f32x4.add(a, b);
  if (operation == SUBTRACT) return f32x4.sub(a, b);
  if (operation == MULTIPLY) return f32x4.mul(a, b);
  if (operation == DIVIDE) return f32x4.div(a, b);
  return f32x4.max(a, b);
}

/** `size` numbers; `scalar` where b is one number. */
export function combineNumbers(
  operation: usize, scalar: bool, a: usize, b: usize, y: usize, size: usize,
): void {
  const one = v128.load32_splat(b);
  for (let i: usize = 0; i < size; i += 4) {
    const lanes = size - i;
    const q = scalar ? one : loadLanes(b + i * 4, lanes);
    storeLanes(y + i * 4, operate(operation, loadLanes(a + i * 4, lanes), q), lanes);
  }
}

export function combineTensors(args: usize, chunk: i32, scratch: usize): void {
  const scalar = arg(args, A.scalar) != 0;
  const start = <usize>chunk * arg(args, A.chunkSize);
  const count = min(arg(args, A.size), start + arg(args, A.chunkSize)) - start;
  combineNumbers(
    arg(args, A.operation), scalar, arg(args, A.a) + start * 4,
    scalar ? arg(args, A.b) : arg(args, A.b) + start * 4, arg(args, A.y) + start * 4, count,
  );
}

/** Rows of `width` numbers; after every `rowsPerB` rows comes the next row of b. */
export function combineRows(args: usize, chunk: i32, scratch: usize): void {
  const width = arg(args, R.width), operation = arg(args, R.operation);
  const rowsPerB = arg(args, R.rowsPerB);
  const step = width * 4;
  const start = <usize>chunk * arg(args, R.chunkRows);
  const end = min(arg(args, R.rows), start + arg(args, R.chunkRows));
  for (let row = start; row < end; row++) {
    const at = row * step;
    combineNumbers(
      operation, false, arg(args, R.a) + at, arg(args, R.b) + (row / rowsPerB) * step,
      arg(args, R.y) + at, width,
    );
  }
}
