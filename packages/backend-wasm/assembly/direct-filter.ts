// Filters for direct.ts, packed 8 outputs at a time in the order in which their taps are read.
import { PrepareDirect as P, PrepareDirectRotated as R } from "./generated/arguments";
import { arg } from "./simd";

/**
 * A filter `[height, width, channels, outputs]` of one group and more to
 * `[groups][outputs / 8][height][width][channels][8]`. Arguments: filter, packed, height, width,
 * channels per group, outputs, groups.
 */
export function prepareDirect(args: usize, chunk: i32, scratch: usize): void {
  const filter = arg(args, P.filter);
  const height = arg(args, P.height);
  const width = arg(args, P.width);
  const channels = arg(args, P.channels);
  const outputs = arg(args, P.outputs);
  const groups = arg(args, P.groups);
  const perGroup = outputs / groups;
  let o = arg(args, P.packed);
  for (let group: usize = 0; group < groups; group++) {
    for (let output: usize = 0; output < perGroup; output += 8) {
      for (let tap: usize = 0; tap < height * width * channels; tap++) {
        for (let lane: usize = 0; lane < 8; lane++) {
          const at = tap * outputs + group * perGroup + output + lane;
          f32.store(o, output + lane < perGroup ? f32.load(filter + at * 4) : 0);
          o += 4;
        }
      }
    }
  }
}

/**
 * The same for the input gradient: for each phase of the stride the taps that meet it, rotated,
 * `[phases][groups][channels / 8][height][width][outputs][8]`. Arguments: as above, and stride.
 */
export function prepareDirectRotated(args: usize, chunk: i32, scratch: usize): void {
  const filter = arg(args, R.filter);
  const height = arg(args, R.height);
  const width = arg(args, R.width);
  const channels = arg(args, R.channels);
  const outputs = arg(args, R.outputs);
  const groups = arg(args, R.groups);
  const stride = arg(args, R.stride);
  const perGroup = outputs / groups;
  let o = arg(args, R.packed);
  for (let rowPhase: usize = 0; rowPhase < stride; rowPhase++) {
    for (let columnPhase: usize = 0; columnPhase < stride; columnPhase++) {
      for (let group: usize = 0; group < groups; group++) {
        for (let channel: usize = 0; channel < channels; channel += 8) {
          for (let u = lastTap(height, rowPhase, stride); u >= 0; u -= stride) {
            for (let v = lastTap(width, columnPhase, stride); v >= 0; v -= stride) {
              for (let output: usize = 0; output < perGroup; output++) {
                for (let lane: usize = 0; lane < 8; lane++) {
                  const tap = (u * width + v) * channels + channel + lane;
                  const at = tap * outputs + group * perGroup + output;
                  f32.store(o, channel + lane < channels ? f32.load(filter + at * 4) : 0);
                  o += 4;
                }
              }
            }
          }
        }
      }
    }
  }
}

/** The largest of `phase`, `phase` + stride, … below `size`, or a negative number. */
function lastTap(size: isize, phase: isize, stride: isize): isize {
  return phase >= size ? -1 : phase + ((size - 1 - phase) / stride) * stride;
}
