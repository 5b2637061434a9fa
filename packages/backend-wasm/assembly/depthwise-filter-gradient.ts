// dLoss/dFilter of a depthwise convolution: eight channels of some taps of one row stay in registers
// while they are summed over the pixels of a band.
import { DepthwiseFilterFinish as F, DepthwiseFilterGradient as A } from "./generated/arguments";
import { fillStrips } from "./depthwise-strip";
import { arg, madd, roundUp, sumSlots } from "./simd";

// @ts-ignore: decorator
@inline
export function addVector(sums: usize, value: v128): void {
  v128.store(sums, f32x4.add(v128.load(sums), value));
}

/** Adds the sums over `rows` by `pixels` pixels to `sums[taps][wide]`; `taps` is a constant, 1 to 5. */
// @ts-ignore: decorator
@inline
export function sumTaps(
  taps: usize, x: usize, pixelStep: usize, rowStep: usize, dy: usize, tapStep: usize,
  rows: usize, pixels: usize, sums: usize,
): void {
  let a0 = f32x4.splat(0), a1 = f32x4.splat(0), a2 = f32x4.splat(0), a3 = f32x4.splat(0), a4 = f32x4.splat(0);
  let b0 = f32x4.splat(0), b1 = f32x4.splat(0), b2 = f32x4.splat(0), b3 = f32x4.splat(0), b4 = f32x4.splat(0);
  let first = x, q = dy;
  do {
    let start = first;
    let count = pixels;
    do {
      const g = v128.load(q), h = v128.load(q, 16);
      let p = start;
      a0 = madd(v128.load(p), g, a0); b0 = madd(v128.load(p, 16), h, b0);
      if (taps > 1) { p += tapStep; a1 = madd(v128.load(p), g, a1); b1 = madd(v128.load(p, 16), h, b1); }
      if (taps > 2) { p += tapStep; a2 = madd(v128.load(p), g, a2); b2 = madd(v128.load(p, 16), h, b2); }
      if (taps > 3) { p += tapStep; a3 = madd(v128.load(p), g, a3); b3 = madd(v128.load(p, 16), h, b3); }
      if (taps > 4) { p += tapStep; a4 = madd(v128.load(p), g, a4); b4 = madd(v128.load(p, 16), h, b4); }
      q += tapStep; start += pixelStep;
    } while (--count);
    first += rowStep;
  } while (--rows);
  let s = sums;
  addVector(s, a0); addVector(s + 16, b0); s += tapStep;
  if (taps > 1) { addVector(s, a1); addVector(s + 16, b1); s += tapStep; }
  if (taps > 2) { addVector(s, a2); addVector(s + 16, b2); s += tapStep; }
  if (taps > 3) { addVector(s, a3); addVector(s + 16, b3); s += tapStep; }
  if (taps > 4) { addVector(s, a4); addVector(s + 16, b4); }
}
export function sumTapsOne(
  x: usize, pixelStep: usize, rowStep: usize, dy: usize, tapStep: usize, rows: usize, pixels: usize, sums: usize,
): void {
  sumTaps(1, x, pixelStep, rowStep, dy, tapStep, rows, pixels, sums);
}
export function sumTapsTwo(
  x: usize, pixelStep: usize, rowStep: usize, dy: usize, tapStep: usize, rows: usize, pixels: usize, sums: usize,
): void {
  sumTaps(2, x, pixelStep, rowStep, dy, tapStep, rows, pixels, sums);
}
export function sumTapsThree(
  x: usize, pixelStep: usize, rowStep: usize, dy: usize, tapStep: usize, rows: usize, pixels: usize, sums: usize,
): void {
  sumTaps(3, x, pixelStep, rowStep, dy, tapStep, rows, pixels, sums);
}
export function sumTapsFour(
  x: usize, pixelStep: usize, rowStep: usize, dy: usize, tapStep: usize, rows: usize, pixels: usize, sums: usize,
): void {
  sumTaps(4, x, pixelStep, rowStep, dy, tapStep, rows, pixels, sums);
}
export function sumTapsFive(
  x: usize, pixelStep: usize, rowStep: usize, dy: usize, tapStep: usize, rows: usize, pixels: usize, sums: usize,
): void {
  sumTaps(5, x, pixelStep, rowStep, dy, tapStep, rows, pixels, sums);
}

/** One row of `taps` taps, at most five at a time. */
export function sumTapRow(
  taps: usize, x: usize, pixelStep: usize, rowStep: usize, dy: usize, tapStep: usize,
  rows: usize, pixels: usize, sums: usize,
): void {
  for (let v: usize = 0; v < taps; ) {
    const rest = taps - v;
    const count: usize = rest == 6 ? 3 : rest == 7 ? 4 : min<usize>(rest, 5);
    const p = x + v * tapStep, s = sums + v * tapStep;
    if (count == 5) sumTapsFive(p, pixelStep, rowStep, dy, tapStep, rows, pixels, s);
    else if (count == 4) sumTapsFour(p, pixelStep, rowStep, dy, tapStep, rows, pixels, s);
    else if (count == 3) sumTapsThree(p, pixelStep, rowStep, dy, tapStep, rows, pixels, s);
    else if (count == 2) sumTapsTwo(p, pixelStep, rowStep, dy, tapStep, rows, pixels, s);
    else sumTapsOne(p, pixelStep, rowStep, dy, tapStep, rows, pixels, s);
    v += count;
  }
}

/**
 * The images of one chunk, to a slot `[blocks][taps][wide]`. Scratch: the strips of a band of the
 * input and of the output gradient.
 */
export function depthwiseFilterGradient(args: usize, chunk: i32, scratch: usize): void {
  const height = arg(args, A.height), width = arg(args, A.width), channels = arg(args, A.channels);
  const outputHeight = arg(args, A.outputHeight), outputWidth = arg(args, A.outputWidth);
  const kernelHeight = arg(args, A.kernelHeight), kernelWidth = arg(args, A.kernelWidth);
  const stride = arg(args, A.stride), padding = arg(args, A.padding), times = arg(args, A.times);
  const bandRows = arg(args, A.bandRows), blockChannels = arg(args, A.blockChannels);
  const slotBytes = arg(args, A.slotBytes), chunkImages = arg(args, A.chunkImages);

  const wide = roundUp(blockChannels * times, 8);
  const bytes = wide * 4;
  const pixel = channels * 4, outputPixel = pixel * times;
  const columns = (outputWidth - 1) * stride + kernelWidth;
  const groupChannels = arg(args, A.groupChannels);
  const gradientStep = bandRows * outputWidth * bytes;
  const stripStep = ((bandRows - 1) * stride + kernelHeight) * columns * bytes;
  const strips = scratch + (groupChannels / blockChannels) * gradientStep;
  const slot = arg(args, A.slots) + <usize>chunk * slotBytes;
  memory.fill(slot, 0, slotBytes);

  const end = min(arg(args, A.images), (<usize>chunk + 1) * chunkImages);
  for (let image = <usize>chunk * chunkImages; image < end; image++) {
    const x = arg(args, A.input) + image * height * width * pixel;
    const dy = arg(args, A.outputGradient) + image * outputHeight * outputWidth * outputPixel;
    for (let row: usize = 0; row < outputHeight; row += bandRows) {
      const rows = min(bandRows, outputHeight - row);
      let sums = slot;
      for (let channel: usize = 0; channel < channels; channel += blockChannels) {
        const count = min(blockChannels, channels - channel);
        const position = channel % groupChannels;
        if (position == 0) {
          const group = min(groupChannels, channels - channel);
          fillStrips(
            x + channel * 4, height, width, pixel, <isize>(row * stride) - <isize>padding,
            -<isize>padding, (rows - 1) * stride + kernelHeight, columns,
            group, times, blockChannels, wide, strips, stripStep,
          );
          fillStrips(
            dy + channel * times * 4, outputHeight, outputWidth, outputPixel, row, 0, rows,
            outputWidth, group * times, 1, blockChannels * times, wide, scratch, gradientStep,
          );
        }
        const gradient = scratch + (position / blockChannels) * gradientStep;
        const strip = strips + (position / blockChannels) * stripStep;
        for (let u: usize = 0; u < kernelHeight; u++) {
          for (let c: usize = 0; c < count * times; c += 8) {
            sumTapRow(
              kernelWidth, strip + u * columns * bytes + c * 4, stride * bytes,
              stride * columns * bytes, gradient + c * 4, bytes, rows, outputWidth, sums + c * 4,
            );
          }
          sums += kernelWidth * bytes;
        }
      }
    }
  }
}

/** Adds the slots in their order, in float64, one tap a chunk. */
export function depthwiseFilterFinish(args: usize, chunk: i32, scratch: usize): void {
  const taps = arg(args, F.taps), outputs = arg(args, F.outputs);
  const blockOutputs = arg(args, F.blockOutputs), slotBytes = arg(args, F.slotBytes);
  const count = arg(args, F.slotCount);
  const wide = roundUp(blockOutputs, 8);
  let to = arg(args, F.filterGradient) + <usize>chunk * outputs * 4;
  for (let output: usize = 0; output < outputs; output++) {
    const block = output / blockOutputs;
    const first = arg(args, F.slots) + ((block * taps + <usize>chunk) * wide + output - block * blockOutputs) * 4;
    const sum = sumSlots(first, count, slotBytes);
    f32.store(to, <f32>sum);
    to += 4;
  }
}
