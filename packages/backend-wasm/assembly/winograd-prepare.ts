import { PrepareWinograd as P } from "./generated/arguments";
import { arg, rounded, roundUp } from "./simd";

/** G g of Winograd's F(4x4, 3x3): pairs of three taps, to six pairs `step` bytes apart. */
// @ts-ignore: decorator
@inline
export function transformTaps(g0: v128, g1: v128, g2: v128, to: usize, step: usize): void {
  const six = f64x2.splat(-6), twentyFour = f64x2.splat(24);
  const twice = f64x2.add(g1, g1), fourTimes = f64x2.mul(f64x2.splat(4), g2);
  v128.store(to, f64x2.div(g0, f64x2.splat(4)));
  v128.store(to + step, f64x2.div(f64x2.add(f64x2.add(g0, g1), g2), six));
  v128.store(to + 2 * step, f64x2.div(f64x2.add(f64x2.sub(g0, g1), g2), six));
  v128.store(to + 3 * step, f64x2.div(f64x2.add(f64x2.add(g0, twice), fourTimes), twentyFour));
  v128.store(to + 4 * step, f64x2.div(f64x2.add(f64x2.sub(g0, twice), fourTimes), twentyFour));
  v128.store(to + 5 * step, g2);
}

/** Two numbers, `step` bytes apart, as float64; the second is 0 where `step` is. */
// @ts-ignore: decorator
@inline
export function loadPair(p: usize, step: usize): v128 {
  return f64x2.replace_lane(f64x2.splat(f32.load(p)), 1, step == 0 ? 0 : f32.load(p + step));
}

/** Nine pairs of taps, `tapStep` bytes apart, to 36 at `to`. Scratch: 18 pairs. */
export function transformNine(taps: usize, step: usize, tapStep: usize, to: usize, scratch: usize): void {
  for (let v: usize = 0; v < 3; v++) {
    const p = taps + v * tapStep, q = p + 3 * tapStep, r = q + 3 * tapStep;
    transformTaps(loadPair(p, step), loadPair(q, step), loadPair(r, step), scratch + v * 16, 48);
  }
  for (let i: usize = 0; i < 6; i++) {
    const p = scratch + i * 48;
    transformTaps(v128.load(p), v128.load(p, 16), v128.load(p, 32), to + i * 96, 16);
  }
}

/**
 * Transforms a filter `[3, 3, channels, outputs]` to `[36][outputs / 8][channels][8]`, 8 outputs a
 * chunk; rotated, it becomes the filter of the input gradient and channels and outputs change
 * places. Computed in float64. Arguments: filter, packed, channels, outputs, rotated. Scratch: 162
 * pairs of float64.
 */
export function prepareWinograd(args: usize, chunk: i32, scratch: usize): void {
  const packed = arg(args, P.packed);
  const channels = arg(args, P.channels), outputs = arg(args, P.outputs);
  const rotated = arg(args, P.rotated) != 0;
  const inner = rotated ? outputs : channels, innerStep: usize = rotated ? 4 : outputs * 4;
  const outer = rotated ? channels : outputs, outerStep: usize = rotated ? outputs * 4 : 4;
  const tapStep = channels * outputs * 4;
  const first = arg(args, P.filter) + (rotated ? 8 * tapStep : 0);
  const rows = roundUp(inner, 4), blocks = (outer + 7) / 8;
  const pairs = scratch + 288;
  memory.fill(pairs, 0, 4 * 576);
  for (let k: usize = 0; k < rows; k++) {
    if (k == inner) memory.fill(pairs, 0, 4 * 576);
    for (let lane: usize = 0; lane < 8 && k < inner; lane += 2) {
      const column = <usize>chunk * 8 + lane;
      if (column >= outer) break;
      const taps = first + k * innerStep + column * outerStep;
      const step = column + 1 < outer ? outerStep : 0;
      transformNine(taps, step, rotated ? 0 - tapStep : tapStep, pairs + lane * 288, scratch);
    }
    for (let f: usize = 0; f < 36; f++) {
      const p = pairs + f * 16, to = packed + ((f * blocks + chunk) * rows + k) * 32;
      v128.store(to, rounded(v128.load(p), v128.load(p + 576)));
      v128.store(to, rounded(v128.load(p + 1152), v128.load(p + 1728)), 16);
    }
  }
}
