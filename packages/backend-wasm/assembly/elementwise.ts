// Kernels that look at every number once.
import { Sgd as S, AddTensors as A } from "./generated/arguments";
import { arg, loadLanes, storeLanes } from "./simd";

/**
 * One step of SGD. Arguments: parameters, velocity, gradient, next parameters, next velocity,
 * numbers, numbers in a chunk (a multiple of 4), learning rate, momentum, weight decay, Nesterov or
 * not.
 */
export function sgd(args: usize, chunk: i32, scratch: usize): void {
  const rate = f32x4.splat(<f32>f64.load(args + 8 * S.learningRate));
  const momentum = f32x4.splat(<f32>f64.load(args + 8 * S.momentum));
  const decay = f32x4.splat(<f32>f64.load(args + 8 * S.weightDecay));
  const nesterov = arg(args, S.nesterov) != 0;
  const start = <usize>chunk * arg(args, S.chunkSize);
  const end = min(arg(args, S.size), start + arg(args, S.chunkSize));
  for (let i = start; i < end; i += 4) {
    const lanes = end - i;
    const at = i * 4;
    const parameters = loadLanes(arg(args, S.parameters) + at, lanes);
    const gradient = loadLanes(arg(args, S.gradient) + at, lanes);
    const decayed = f32x4.add(gradient, f32x4.mul(parameters, decay));
    const velocity = f32x4.add(f32x4.mul(loadLanes(arg(args, S.velocity) + at, lanes), momentum), decayed);
    const direction = nesterov ? f32x4.add(decayed, f32x4.mul(velocity, momentum)) : velocity;
    storeLanes(arg(args, S.nextParameters) + at, f32x4.sub(parameters, f32x4.mul(direction, rate)), lanes);
    storeLanes(arg(args, S.nextVelocity) + at, velocity, lanes);
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
  const start = <usize>chunk * arg(args, A.chunkSize);
  const count = min(arg(args, A.size), start + arg(args, A.chunkSize)) - start;
  const at = start * 4;
  addNumbers(arg(args, A.a) + at, arg(args, A.b) + at, arg(args, A.y) + at, count * 4);
}
