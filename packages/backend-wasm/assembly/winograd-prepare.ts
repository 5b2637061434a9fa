import { PrepareWinograd as P } from "./generated/arguments";
import { arg, roundUp } from "./simd";

/** G g of Winograd's F(4x4, 3x3), three taps to the i-th of six. */
// @ts-ignore: decorator
@inline
export function transformTaps(g0: f64, g1: f64, g2: f64, i: usize): f64 {
  if (i == 0) return g0 / 4;
  if (i == 1) return -(g0 + g1 + g2) / 6;
  if (i == 2) return -(g0 - g1 + g2) / 6;
  if (i == 3) return (g0 + 2 * g1 + 4 * g2) / 24;
  if (i == 4) return (g0 - 2 * g1 + 4 * g2) / 24;
  return g2;
}

/**
 * Transforms a filter `[3, 3, channels, outputs]` to `[36][outputs / 8][channels][8]`, 8 outputs a
 * chunk; rotated, it becomes the filter of the input gradient and channels and outputs change
 * places. Computed in float64. Arguments: filter, packed, channels, outputs, rotated. Scratch: 18
 * float64.
 */
export function prepareWinograd(args: usize, chunk: i32, scratch: usize): void {
  const filter = arg(args, P.filter), packed = arg(args, P.packed);
  const channels = arg(args, P.channels), outputs = arg(args, P.outputs);
  const rotated = arg(args, P.rotated) != 0;
  const inner = rotated ? outputs : channels;
  const outer = rotated ? channels : outputs;
  const rows = roundUp(inner, 4);
  const columns = roundUp(outer, 8);
  const tapStep = channels * outputs * 4;
  for (let k: usize = 0; k < rows; k++) {
    for (let lane: usize = 0; lane < 8; lane++) {
      const column = <usize>chunk * 8 + lane;
      const used = k < inner && column < outer;
      const taps = filter + (rotated ? column * outputs + k : k * outputs + column) * 4;
      for (let v: usize = 0; v < 3; v++) {
        const first = taps + (rotated ? 8 - v : v) * tapStep;
        const step = rotated ? tapStep * -3 : tapStep * 3;
        const g0 = used ? <f64>f32.load(first) : 0;
        const g1 = used ? <f64>f32.load(first + step) : 0;
        const g2 = used ? <f64>f32.load(first + 2 * step) : 0;
        for (let i: usize = 0; i < 6; i++) {
          f64.store(scratch + (i * 3 + v) * 8, transformTaps(g0, g1, g2, i));
        }
      }
      for (let f: usize = 0; f < 36; f++) {
        const row = scratch + (f / 6) * 24;
        const value = transformTaps(f64.load(row), f64.load(row, 8), f64.load(row, 16), f % 6);
        const at = ((f * (columns / 8) + chunk) * rows + k) * 8 + lane;
        f32.store(packed + at * 4, <f32>value);
      }
    }
  }
}
