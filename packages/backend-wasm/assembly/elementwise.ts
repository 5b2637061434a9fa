// Kernels that look at every number once.
import { arg, loadLanes, storeLanes } from "./simd";

/**
 * One step of SGD. Arguments: parameters, velocity, gradient, next parameters, next velocity,
 * numbers, numbers in a chunk (a multiple of 4), learning rate, momentum, weight decay, Nesterov or
 * not.
 */
export function sgd(args: usize, chunk: i32, scratch: usize): void {
  const rate = f32x4.splat(<f32>f64.load(args + 56));
  const momentum = f32x4.splat(<f32>f64.load(args + 64));
  const decay = f32x4.splat(<f32>f64.load(args + 72));
  const nesterov = arg(args, 10) != 0;
  const start = <usize>chunk * arg(args, 6);
  const end = min(arg(args, 5), start + arg(args, 6));
  for (let i = start; i < end; i += 4) {
    const lanes = end - i;
    const at = i * 4;
    const parameters = loadLanes(arg(args, 0) + at, lanes);
    const gradient = loadLanes(arg(args, 2) + at, lanes);
    const decayed = f32x4.add(gradient, f32x4.mul(parameters, decay));
    const velocity = f32x4.add(f32x4.mul(loadLanes(arg(args, 1) + at, lanes), momentum), decayed);
    const direction = nesterov ? f32x4.add(decayed, f32x4.mul(velocity, momentum)) : velocity;
    storeLanes(arg(args, 3) + at, f32x4.sub(parameters, f32x4.mul(direction, rate)), lanes);
    storeLanes(arg(args, 4) + at, velocity, lanes);
  }
}

/** y = a + b for `bytes` bytes. */
export function addNumbers(a: usize, b: usize, y: usize, bytes: usize): void {
  const whole = bytes & ~15;
  for (let at: usize = 0; at < whole; at += 16) {
    v128.store(y + at, f32x4.add(v128.load(a + at), v128.load(b + at)));
  }
  for (let at = whole; at < bytes; at += 4) {
    f32.store(y + at, f32.load(a + at) + f32.load(b + at));
  }
}

/** y = a + b. Arguments: a, b, y, numbers, numbers in a chunk. */
export function addTensors(args: usize, chunk: i32, scratch: usize): void {
  const start = <usize>chunk * arg(args, 4);
  const count = min(arg(args, 3), start + arg(args, 4)) - start;
  const at = start * 4;
  addNumbers(arg(args, 0) + at, arg(args, 1) + at, arg(args, 2) + at, count * 4);
}
