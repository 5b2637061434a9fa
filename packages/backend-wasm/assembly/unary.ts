// Functions of one number, and gradients by the output.
import { Activation as A, ActivationGradient as G, Step as S } from "./generated/arguments";
import { arg, loadLanes, relu, storeLanes, wherePositive } from "./simd";

/** Kinds, numbered as on the host. */
const RELU: usize = 0;
const RELU6: usize = 1;

// @ts-ignore: decorator
@inline
export function sigmoidOf(x: f32): f32 {
  return <f32>(1 / (1 + Math.exp(-<f64>x)));
}

// @ts-ignore: decorator
@inline
export function sigmoid(x: v128): v128 {
  let y = f32x4.splat(sigmoidOf(f32x4.extract_lane(x, 0)));
  y = f32x4.replace_lane(y, 1, sigmoidOf(f32x4.extract_lane(x, 1)));
  y = f32x4.replace_lane(y, 2, sigmoidOf(f32x4.extract_lane(x, 2)));
  return f32x4.replace_lane(y, 3, sigmoidOf(f32x4.extract_lane(x, 3)));
}

export function activation(args: usize, chunk: i32, scratch: usize): void {
  const start = <usize>chunk * arg(args, A.chunkSize);
  const end = min(arg(args, A.size), start + arg(args, A.chunkSize));
  const x = arg(args, A.input), y = arg(args, A.output), kind = arg(args, A.kind);
  const at = start * 4, size = end - start;
  if (kind == RELU) clampNumbers(x + at, y + at, size, Infinity);
  else if (kind == RELU6) clampNumbers(x + at, y + at, size, 6);
  else sigmoidNumbers(x + at, y + at, size);
}

/** min(max(x, 0), most) of `size` numbers. */
export function clampNumbers(x: usize, y: usize, size: usize, most: f32): void {
  const bound = f32x4.splat(most);
  const whole = x + (size & ~3) * 4;
  let p = x, o = y;
  while (p < whole) {
    v128.store(o, f32x4.pmin(relu(v128.load(p)), bound));
    p += 16; o += 16;
  }
  if (size & 3) storeLanes(o, f32x4.pmin(relu(loadLanes(p, size & 3)), bound), size & 3);
}

export function sigmoidNumbers(x: usize, y: usize, size: usize): void {
  for (let i: usize = 0; i < size; i += 4) {
    storeLanes(y + i * 4, sigmoid(loadLanes(x + i * 4, size - i)), size - i);
  }
}

export function activationGradient(args: usize, chunk: i32, scratch: usize): void {
  const start = <usize>chunk * arg(args, G.chunkSize);
  const end = min(arg(args, G.size), start + arg(args, G.chunkSize));
  const dy = arg(args, G.outputGradient), y = arg(args, G.output), dx = arg(args, G.inputGradient);
  const kind = arg(args, G.kind);
  const at = start * 4, size = end - start;
  if (kind == RELU) clampGradient(dy + at, y + at, dx + at, size, NaN);
  else if (kind == RELU6) clampGradient(dy + at, y + at, dx + at, size, 6);
  else sigmoidGradient(dy + at, y + at, dx + at, size);
}

/** dy where 0 < y < most, else 0; nothing is more than NaN. */
export function clampGradient(dy: usize, y: usize, dx: usize, size: usize, most: f32): void {
  const bound = f32x4.splat(most);
  for (let i: usize = 0; i < size; i += 4) {
    const v = loadLanes(y + i * 4, size - i);
    const g = wherePositive(loadLanes(dy + i * 4, size - i), v);
    storeLanes(dx + i * 4, v128.andnot(g, f32x4.ge(v, bound)), size - i);
  }
}

export function sigmoidGradient(dy: usize, y: usize, dx: usize, size: usize): void {
  const one = f32x4.splat(1);
  for (let i: usize = 0; i < size; i += 4) {
    const v = loadLanes(y + i * 4, size - i);
    const slope = f32x4.mul(v, f32x4.sub(one, v));
    storeLanes(dx + i * 4, f32x4.mul(loadLanes(dy + i * 4, size - i), slope), size - i);
  }
}

/** 1 where x > 0, else alpha; NaN stays NaN. */
export function step(args: usize, chunk: i32, scratch: usize): void {
  const start = <usize>chunk * arg(args, S.chunkSize);
  const end = min(arg(args, S.size), start + arg(args, S.chunkSize));
  const x = arg(args, S.input), y = arg(args, S.output);
  const one = f32x4.splat(1), alpha = f32x4.splat(<f32>f64.load(args + 8 * S.alpha));
  for (let i = start; i < end; i += 4) {
    const v = loadLanes(x + i * 4, end - i);
    const value = v128.bitselect(one, alpha, f32x4.gt(v, f32x4.splat(0)));
    storeLanes(y + i * 4, v128.bitselect(v, value, f32x4.ne(v, v)), end - i);
  }
}
