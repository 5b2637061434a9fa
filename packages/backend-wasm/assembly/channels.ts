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
    for (let c: usize = 0; c < channels; c += 4) {
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
