// Kernels that look at every number once.
import { arg, loadLanes, storeLanes } from "./simd";

/**
 * One step of SGD. Arguments: parameters, velocity, gradient, next parameters, next velocity,
 * numbers, numbers in a chunk (a multiple of 4), learning rate, momentum, weight decay.
 */
export function sgd(args: usize, chunk: i32, scratch: usize): void {
  const rate = f32x4.splat(<f32>f64.load(args + 56));
  const momentum = f32x4.splat(<f32>f64.load(args + 64));
  const decay = f32x4.splat(<f32>f64.load(args + 72));
  const start = <usize>chunk * arg(args, 6);
  const end = min(arg(args, 5), start + arg(args, 6));
  for (let i = start; i < end; i += 4) {
    const lanes = end - i;
    const at = i * 4;
    const parameters = loadLanes(arg(args, 0) + at, lanes);
    const gradient = loadLanes(arg(args, 2) + at, lanes);
    const decayed = f32x4.add(gradient, f32x4.mul(parameters, decay));
    const velocity = f32x4.add(f32x4.mul(loadLanes(arg(args, 1) + at, lanes), momentum), decayed);
    storeLanes(arg(args, 3) + at, f32x4.sub(parameters, f32x4.mul(velocity, rate)), lanes);
    storeLanes(arg(args, 4) + at, velocity, lanes);
  }
}

/** y = a + b. Arguments: a, b, y, numbers, numbers in a chunk (a multiple of 4). */
export function addTensors(args: usize, chunk: i32, scratch: usize): void {
  const start = <usize>chunk * arg(args, 4);
  const end = min(arg(args, 3), start + arg(args, 4));
  const a = arg(args, 0);
  const b = arg(args, 1);
  const y = arg(args, 2);
  const whole = end & ~3;
  for (let at = start * 4; at < whole * 4; at += 16) {
    v128.store(y + at, f32x4.add(v128.load(a + at), v128.load(b + at)));
  }
  for (let at = whole * 4; at < end * 4; at += 4) {
    f32.store(y + at, f32.load(a + at) + f32.load(b + at));
  }
}
