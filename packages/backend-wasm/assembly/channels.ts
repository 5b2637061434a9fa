// Sums over everything but the channels.
import { addLanes } from "./batch-norm-gradient";
import {
  FinishRowSums as F, MultiplyChannelsGradient as G, SumRowsOfTensor as S,
} from "./generated/arguments";
import { arg, loadLanes, roundUp, storeLanes } from "./simd";

/** Rows whose sums are taken in float32. */
const BLOCK: usize = 32;

/** The sums of the rows of one chunk, to a slot of float64, one for each channel and up to three more. */
export function sumRowsOfTensor(args: usize, chunk: i32, scratch: usize): void {
  const width = arg(args, S.width);
  const step = width * 4;
  const slotBytes = roundUp(width, 4) * 8;
  const slot = arg(args, S.slots) + <usize>chunk * slotBytes;
  memory.fill(slot, 0, slotBytes);
  const start = <usize>chunk * arg(args, S.chunkRows);
  const end = min(arg(args, S.rows), start + arg(args, S.chunkRows));
  for (let first = start; first < end; first += BLOCK) {
    const rows = min(BLOCK, end - first);
    for (let c: usize = 0; c < width; c += 4) {
      let p = arg(args, S.input) + first * step + c * 4;
      let sum = f32x4.splat(0);
      for (let i: usize = 0; i < rows; i++) {
        sum = f32x4.add(sum, loadLanes(p, width - c));
        p += step;
      }
      addLanes(slot + c * 8, sum);
    }
  }
}

/** Adds the slots in their order. */
export function finishRowSums(args: usize, chunk: i32, scratch: usize): void {
  const width = arg(args, F.width);
  const slotBytes = roundUp(width, 4) * 8;
  for (let c: usize = 0; c < width; c++) {
    let p = arg(args, F.slots) + c * 8;
    let sum: f64 = 0;
    for (let i: usize = 0; i < arg(args, F.slotCount); i++) {
      sum += f64.load(p);
      p += slotBytes;
    }
    f32.store(arg(args, F.output) + c * 4, <f32>sum);
  }
}

/** Sixteen channels, a line of the cache, of `rows` pixels. */
export function gateSixteen(
  dy: usize, x: usize, dx: usize, gate: usize, sums: usize, rows: usize, step: usize,
): void {
  const g0 = v128.load(gate), g1 = v128.load(gate, 16), g2 = v128.load(gate, 32), g3 = v128.load(gate, 48);
  let s0 = f32x4.splat(0), s1 = f32x4.splat(0), s2 = f32x4.splat(0), s3 = f32x4.splat(0);
  let p = dy, q = x, o = dx;
  do {
    let d = v128.load(p);
    s0 = f32x4.add(s0, f32x4.mul(d, v128.load(q))); v128.store(o, f32x4.mul(d, g0));
    d = v128.load(p, 16);
    s1 = f32x4.add(s1, f32x4.mul(d, v128.load(q, 16))); v128.store(o, f32x4.mul(d, g1), 16);
    d = v128.load(p, 32);
    s2 = f32x4.add(s2, f32x4.mul(d, v128.load(q, 32))); v128.store(o, f32x4.mul(d, g2), 32);
    d = v128.load(p, 48);
    s3 = f32x4.add(s3, f32x4.mul(d, v128.load(q, 48))); v128.store(o, f32x4.mul(d, g3), 48);
    p += step; q += step; o += step;
  } while (--rows);
  v128.store(sums, f32x4.add(v128.load(sums), s0));
  v128.store(sums, f32x4.add(v128.load(sums, 16), s1), 16);
  v128.store(sums, f32x4.add(v128.load(sums, 32), s2), 32);
  v128.store(sums, f32x4.add(v128.load(sums, 48), s3), 48);
}

/** One image: dx = dy · gate, and the sums of dy · x over its pixels. */
export function multiplyChannelsGradient(args: usize, chunk: i32, scratch: usize): void {
  const pixels = arg(args, G.pixels), channels = arg(args, G.channels);
  const step = channels * 4;
  const image = <usize>chunk * pixels * step;
  const gate = arg(args, G.gate) + <usize>chunk * step;
  const sums = arg(args, G.gateGradient) + <usize>chunk * step;
  memory.fill(sums, 0, step);
  for (let first: usize = 0; first < pixels; first += BLOCK) {
    const rows = min(BLOCK, pixels - first);
    const start = image + first * step;
    const whole = channels & ~15;
    for (let c: usize = 0; c < whole; c += 16) {
      const at = start + c * 4;
      gateSixteen(
        arg(args, G.outputGradient) + at, arg(args, G.input) + at, arg(args, G.inputGradient) + at,
        gate + c * 4, sums + c * 4, rows, step,
      );
    }
    for (let c = whole; c < channels; c += 4) {
      const lanes = channels - c;
      const factor = loadLanes(gate + c * 4, lanes);
      let at = image + first * step + c * 4;
      let sum = f32x4.splat(0);
      for (let i: usize = 0; i < rows; i++) {
        const dy = loadLanes(arg(args, G.outputGradient) + at, lanes);
        sum = f32x4.add(sum, f32x4.mul(dy, loadLanes(arg(args, G.input) + at, lanes)));
        storeLanes(arg(args, G.inputGradient) + at, f32x4.mul(dy, factor), lanes);
        at += step;
      }
      storeLanes(sums + c * 4, f32x4.add(loadLanes(sums + c * 4, lanes), sum), lanes);
    }
  }
}
