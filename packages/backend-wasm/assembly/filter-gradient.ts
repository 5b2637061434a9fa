// dLoss/dFilter of any convolution: 4 taps by 8 outputs stay in registers while they are summed over
// the pixels of a band. Taps are runs of numbers as in direct.ts.
import { ConvolveFilterGradient as A, FilterGradientFinish as F } from "./generated/arguments";
import { padStrip } from "./pixels";
import { arg, madd, roundUp, sumSlots } from "./simd";

/** Adds to `sums[4][8]` the products of 4 taps at `a` and 8 outputs at `b` over all pixels. */
export function addProducts(
  a: usize, pixelStep: usize, rowStep: usize, b: usize, outputStep: usize,
  rows: usize, pixels: usize, sums: usize,
): void {
  let c00 = v128.load(sums), c01 = v128.load(sums, 16);
  let c10 = v128.load(sums, 32), c11 = v128.load(sums, 48);
  let c20 = v128.load(sums, 64), c21 = v128.load(sums, 80);
  let c30 = v128.load(sums, 96), c31 = v128.load(sums, 112);
  let first = a;
  let q = b;
  do {
    let p = first;
    let count = pixels;
    do {
      const lo = v128.load(q);
      const hi = v128.load(q, 16);
      let s = v128.load32_splat(p);
      c00 = madd(s, lo, c00); c01 = madd(s, hi, c01);
      s = v128.load32_splat(p, 4);
      c10 = madd(s, lo, c10); c11 = madd(s, hi, c11);
      s = v128.load32_splat(p, 8);
      c20 = madd(s, lo, c20); c21 = madd(s, hi, c21);
      s = v128.load32_splat(p, 12);
      c30 = madd(s, lo, c30); c31 = madd(s, hi, c31);
      p += pixelStep; q += outputStep;
    } while (--count);
    first += rowStep;
  } while (--rows);
  v128.store(sums, c00); v128.store(sums, c01, 16);
  v128.store(sums, c10, 32); v128.store(sums, c11, 48);
  v128.store(sums, c20, 64); v128.store(sums, c21, 80);
  v128.store(sums, c30, 96); v128.store(sums, c31, 112);
}

/**
 * The images of one chunk. Arguments: input, output gradient, slots (float32, one of `slotBytes`
 * for each chunk); height, width, channels of input and output; kernel height and width, stride,
 * padding, groups; rows in a band, images in a chunk, images, bytes of a slot; three of an empty prologue. Scratch: the padded
 * input and the output gradient of a band, and 64 bytes behind each.
 */
export function convolveFilterGradient(args: usize, chunk: i32, scratch: usize): void {
  const height = arg(args, A.height), width = arg(args, A.width), channels = arg(args, A.channels);
  const outputHeight = arg(args, A.outputHeight), outputWidth = arg(args, A.outputWidth);
  const outputChannels = arg(args, A.outputs);
  const kernelHeight = arg(args, A.kernelHeight), kernelWidth = arg(args, A.kernelWidth);
  const stride = arg(args, A.stride);
  const padding = arg(args, A.padding), groups = arg(args, A.groups);
  const bandRows = arg(args, A.bandRows);
  const slotBytes = arg(args, A.slotBytes);

  const pixel = channels * 4;
  const outputPixel = outputChannels * 4;
  const columns = (outputWidth - 1) * stride + kernelWidth;
  const run = groups == 1 ? kernelWidth * channels : channels / groups;
  const tapColumns = groups == 1 ? <usize>1 : kernelWidth;
  const outputs = outputChannels / groups;
  const gradient = scratch;
  const strip = gradient + roundUp(bandRows * outputWidth * outputPixel, 16) + 64;
  const slot = arg(args, A.slots) + <usize>chunk * slotBytes;
  memory.fill(slot, 0, slotBytes);

  const last = min(arg(args, A.images), (<usize>chunk + 1) * arg(args, A.chunkImages));
  for (let image = <usize>chunk * arg(args, A.chunkImages); image < last; image++) {
    for (let row: usize = 0; row < outputHeight; row += bandRows) {
      const rows = min(bandRows, outputHeight - row);
      padStrip(
        arg(args, A.input) + image * height * width * pixel, height, width, channels,
        row * stride - padding, 0 - padding, (rows - 1) * stride + kernelHeight, columns, strip,
        args + 8 * A.prologueKind,
      );
      const from = (image * outputHeight + row) * outputWidth * outputPixel;
      memory.copy(gradient, arg(args, A.outputGradient) + from, rows * outputWidth * outputPixel);

      let sums = slot;
      for (let group: usize = 0; group < groups; group++) {
        for (let output: usize = 0; output < outputs; output += 8) {
          const b = gradient + (group * outputs + output) * 4;
          for (let u: usize = 0; u < kernelHeight; u++) {
            for (let v: usize = 0; v < tapColumns; v++) {
              const a = strip + (u * columns + v) * pixel + group * run * 4;
              for (let tap: usize = 0; tap < run; tap += 4) {
                addProducts(
                  a + tap * 4, stride * pixel, stride * columns * pixel, b, outputPixel,
                  rows, outputWidth, sums,
                );
                sums += 128;
              }
            }
          }
        }
      }
    }
  }
}

/**
 * Adds the slots in their order, in float64, one kernel row a chunk. Arguments: slots, filter
 * gradient `[height, width, channels, outputs]`, slots, bytes of a slot, height, width, channels
 * per group, outputs, groups.
 */
export function filterGradientFinish(args: usize, chunk: i32, scratch: usize): void {
  const slots = arg(args, F.slots), count = arg(args, F.slotCount);
  const slotBytes = arg(args, F.slotBytes);
  const height = arg(args, F.height), width = arg(args, F.width), channels = arg(args, F.channels);
  const outputs = arg(args, F.outputs), groups = arg(args, F.groups);
  const perGroup = outputs / groups;
  const u = <usize>chunk;
  const tapColumns = groups == 1 ? <usize>1 : width;
  const run = roundUp(groups == 1 ? width * channels : channels, 4);
  let to = arg(args, F.filterGradient) + u * width * channels * outputs * 4;
  for (let v: usize = 0; v < width; v++) {
    for (let c: usize = 0; c < channels; c++) {
      const tap = groups == 1 ? v * channels + c : v * run + c;
      for (let group: usize = 0; group < groups; group++) {
        for (let output: usize = 0; output < perGroup; output++) {
          const block = (group * ((perGroup + 7) / 8) + output / 8) * height + u;
          const first = slots + (block * tapColumns * run + tap) * 32 + (output % 8) * 4;
          const sum = sumSlots(first, count, slotBytes);
          f32.store(to, <f32>sum);
          to += 4;
        }
      }
    }
  }
}
