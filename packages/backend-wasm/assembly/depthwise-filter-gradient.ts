// dLoss/dFilter of a depthwise convolution: four channels of some taps of one row stay in registers
// while they are summed over the pixels of a band, even and odd ones apart.
import { DepthwiseFilterFinish as F, DepthwiseFilterGradient as A } from "./generated/arguments";
import { fillStrips } from "./depthwise-strip";
import { addVector, arg, madd, storeSlotSums } from "./simd";

/** Adds the sums over `rows` by 2 · `pairs` pixels to `sums[taps][4]`; `taps` is a constant, 1 to 3. */
// @ts-ignore: decorator
@inline
export function sumTaps(
  taps: usize, x: usize, pixelStep: usize, rowStep: usize, dy: usize, rows: usize, pairs: usize, sums: usize,
): void {
  let a0 = f32x4.splat(0), a1 = f32x4.splat(0), a2 = f32x4.splat(0);
  let b0 = f32x4.splat(0), b1 = f32x4.splat(0), b2 = f32x4.splat(0);
  let row = x, gradient = dy, rowsLeft = rows;
  do {
    let p = row, pairsLeft = pairs;
    do {
      const q = p + pixelStep;
      const g = v128.load(gradient), h = v128.load(gradient, 16);
      a0 = madd(v128.load(p), g, a0); b0 = madd(v128.load(q), h, b0);
      if (taps > 1) { a1 = madd(v128.load(p, 16), g, a1); b1 = madd(v128.load(q, 16), h, b1); }
      if (taps > 2) { a2 = madd(v128.load(p, 32), g, a2); b2 = madd(v128.load(q, 32), h, b2); }
      p = q + pixelStep; gradient += 32;
    } while (--pairsLeft);
    row += rowStep;
  } while (--rowsLeft);
  addVector(sums, f32x4.add(a0, b0));
  if (taps > 1) addVector(sums + 16, f32x4.add(a1, b1));
  if (taps > 2) addVector(sums + 32, f32x4.add(a2, b2));
}
export function sumTapsOne(x: usize, pixelStep: usize, rowStep: usize, dy: usize, rows: usize, pairs: usize, sums: usize): void {
  sumTaps(1, x, pixelStep, rowStep, dy, rows, pairs, sums);
}
export function sumTapsTwo(x: usize, pixelStep: usize, rowStep: usize, dy: usize, rows: usize, pairs: usize, sums: usize): void {
  sumTaps(2, x, pixelStep, rowStep, dy, rows, pairs, sums);
}
export function sumTapsThree(x: usize, pixelStep: usize, rowStep: usize, dy: usize, rows: usize, pairs: usize, sums: usize): void {
  sumTaps(3, x, pixelStep, rowStep, dy, rows, pairs, sums);
}
/** One row of `taps` taps, at most three at a time. */
export function sumTapRow(
  taps: usize, x: usize, pixelStep: usize, rowStep: usize, dy: usize, rows: usize, pairs: usize, sums: usize,
): void {
  for (let v: usize = 0; v < taps; ) {
    const rest = taps - v;
    const count: usize = rest == 4 ? 2 : min<usize>(rest, 3);
    const p = x + v * 16, s = sums + v * 16;
    if (count == 3) sumTapsThree(p, pixelStep, rowStep, dy, rows, pairs, s);
    else if (count == 2) sumTapsTwo(p, pixelStep, rowStep, dy, rows, pairs, s);
    else sumTapsOne(p, pixelStep, rowStep, dy, rows, pairs, s);
    v += count;
  }
}

/**
 * The images of one chunk, to a slot `[vectors][taps][4]`. A band is of rows of the output gradient.
 * Scratch: strips of the output gradient, an even number of columns wide, and of what it meets of the input.
 */
export function depthwiseFilterGradient(args: usize, chunk: i32, scratch: usize): void {
  const height = arg(args, A.height), width = arg(args, A.width), channels = arg(args, A.channels);
  const outputHeight = arg(args, A.outputHeight), outputWidth = arg(args, A.outputWidth);
  const kernelHeight = arg(args, A.kernelHeight), kernelWidth = arg(args, A.kernelWidth);
  const stride = arg(args, A.stride), padding = arg(args, A.padding), times = arg(args, A.times);
  const bandRows = arg(args, A.bandRows), groupVectors = arg(args, A.groupVectors);
  const stripColumns = arg(args, A.stripColumns), stripStep = arg(args, A.stripStep);
  const gradientStep = arg(args, A.gradientStep);
  const slotBytes = arg(args, A.slotBytes), chunkImages = arg(args, A.chunkImages);

  const outputs = channels * times;
  const pixel = channels * 4, outputPixel = outputs * 4;
  const pairs = (outputWidth + 1) / 2;
  const strips = scratch + groupVectors * gradientStep;
  const slot = arg(args, A.slots) + <usize>chunk * slotBytes;
  memory.fill(slot, 0, slotBytes);

  const end = min(arg(args, A.images), (<usize>chunk + 1) * chunkImages);
  for (let image = <usize>chunk * chunkImages; image < end; image++) {
    const x = arg(args, A.input) + image * height * width * pixel;
    const dy = arg(args, A.outputGradient) + image * outputHeight * outputWidth * outputPixel;
    for (let row: usize = 0; row < outputHeight; row += bandRows) {
      const rows = min(bandRows, outputHeight - row);
      const inputRow = <isize>(row * stride) - <isize>padding;
      const inputRows = (rows - 1) * stride + kernelHeight;
      let sums = slot;
      for (let first: usize = 0; first < outputs; first += groupVectors * 4) {
        const count = min(groupVectors * 4, outputs - first);
        fillStrips(
          dy, outputHeight, outputWidth, outputPixel, row, 0, rows, pairs * 2,
          first, count, 1, 1, 0, scratch, gradientStep,
        );
        fillStrips(
          x, height, width, pixel, inputRow, -<isize>padding, inputRows, stripColumns,
          first, count, times, 1, 0, strips, stripStep,
        );
        let gradient = scratch, strip = strips;
        for (let n: usize = 0; n < count; n += 4) {
          for (let u: usize = 0; u < kernelHeight; u++) {
            sumTapRow(
              kernelWidth, strip + u * stripColumns * 16, stride * 16, stride * stripColumns * 16,
              gradient, rows, pairs, sums + u * kernelWidth * 16,
            );
          }
          sums += kernelHeight * kernelWidth * 16; gradient += gradientStep; strip += stripStep;
        }
      }
    }
  }
}

/** Adds the slots in their order, in float64, one tap a chunk. */
export function depthwiseFilterFinish(args: usize, chunk: i32, scratch: usize): void {
  const taps = arg(args, F.taps), outputs = arg(args, F.outputs);
  const slotBytes = arg(args, F.slotBytes), count = arg(args, F.slotCount);
  const to = arg(args, F.filterGradient) + <usize>chunk * outputs * 4;
  let first = arg(args, F.slots) + <usize>chunk * 16;
  for (let output: usize = 0; output < outputs; output += 4) {
    storeSlotSums(to + output * 4, outputs - output, first, count, slotBytes);
    first += taps * 16;
  }
}
