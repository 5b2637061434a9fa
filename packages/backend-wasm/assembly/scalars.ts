// Single numbers by index, and Adam.
import { Adam as A, GatherScalars as G, ScatterScalars as S } from "./generated/arguments";
import { arg, loadLanes, storeLanes } from "./simd";

/** Indices outside give NaN. */
export function gatherScalars(args: usize, chunk: i32, scratch: usize): void {
  const size = arg(args, G.size);
  for (let i: usize = 0; i < arg(args, G.count); i++) {
    const at = load<u32>(arg(args, G.indices) + i * 4);
    const value = at < size ? f32.load(arg(args, G.values) + at * 4) : NaN;
    f32.store(arg(args, G.output) + i * 4, value);
  }
}

/** Indices outside are left out. */
export function scatterScalars(args: usize, chunk: i32, scratch: usize): void {
  const size = arg(args, S.size), output = arg(args, S.output);
  memory.copy(output, arg(args, S.values), size * 4);
  for (let i: usize = 0; i < arg(args, S.count); i++) {
    const at = load<u32>(arg(args, S.indices) + i * 4);
    if (at < size) f32.store(output + at * 4, f32.load(arg(args, S.updates) + i * 4));
  }
}

/**
 * One step of Adam or AdamW. `shrink` multiplies the parameters (decoupled decay), `decay` adds to
 * the gradient; `rate` and `correction` hold the bias corrections: lr / (1 − β₁ᵗ), 1 / √(1 − β₂ᵗ).
 */
export function adam(args: usize, chunk: i32, scratch: usize): void {
  const start = <usize>chunk * arg(args, A.chunkSize);
  const end = min(arg(args, A.size), start + arg(args, A.chunkSize));
  const beta1 = f64.load(args + 8 * A.beta1), beta2 = f64.load(args + 8 * A.beta2);
  const keep1 = f32x4.splat(<f32>beta1), take1 = f32x4.splat(<f32>(1 - beta1));
  const keep2 = f32x4.splat(<f32>beta2), take2 = f32x4.splat(<f32>(1 - beta2));
  const shrink = f32x4.splat(<f32>f64.load(args + 8 * A.shrink));
  const decay = f32x4.splat(<f32>f64.load(args + 8 * A.decay));
  const rate = f32x4.splat(<f32>f64.load(args + 8 * A.rate));
  const correction = f32x4.splat(<f32>f64.load(args + 8 * A.correction));
  const epsilon = f32x4.splat(<f32>f64.load(args + 8 * A.epsilon));
  for (let i = start; i < end; i += 4) {
    const lanes = end - i, at = i * 4;
    const p = loadLanes(arg(args, A.parameters) + at, lanes);
    const g = f32x4.add(loadLanes(arg(args, A.gradient) + at, lanes), f32x4.mul(p, decay));
    const m = f32x4.add(
      f32x4.mul(loadLanes(arg(args, A.firstMoment) + at, lanes), keep1), f32x4.mul(g, take1),
    );
    const v = f32x4.add(
      f32x4.mul(loadLanes(arg(args, A.secondMoment) + at, lanes), keep2),
      f32x4.mul(f32x4.mul(g, g), take2),
    );
    const divisor = f32x4.add(f32x4.mul(f32x4.sqrt(v), correction), epsilon);
    const moved = f32x4.sub(f32x4.mul(p, shrink), f32x4.mul(rate, f32x4.div(m, divisor)));
    storeLanes(arg(args, A.nextParameters) + at, moved, lanes);
    storeLanes(arg(args, A.nextFirstMoment) + at, m, lanes);
    storeLanes(arg(args, A.nextSecondMoment) + at, v, lanes);
  }
}
