// dLoss/dFilter of any convolution as a product of matrices: taps by pixels, pixels by outputs. Taps are
// runs of numbers as in direct.ts, four of which make a panel as pixels do there.
import { ConvolveFilterGradient as A, FilterGradientFinish as F } from "./generated/arguments";
import { listPixels, multiplyOutputs } from "./panels";
import { padStrip } from "./pixels";
import { arg, loadLanes, roundUp, storeSlotSums } from "./simd";

/** Four numbers, `offset` bytes after each of `pixels` listed pixels, to a panel `[pixels][4]`. */
export function packTaps(list: usize, pixels: usize, offset: usize, to: usize): void {
  let entry = list, o = to;
  const end = list + pixels * 4;
  while (entry < end) {
    v128.store(o, v128.load(<usize>load<u32>(entry) + offset));
    entry += 4; o += 16;
  }
}

/** The first `count` numbers of pixels that are `step` bytes apart to panels `[pixels][8]`, the last one filled up with zeros. */
export function packOutputs(from: usize, pixels: usize, step: usize, count: usize, to: usize): void {
  let o = to;
  for (let output: usize = 0; output < count; output += 8) {
    const lanes = min<usize>(8, count - output);
    let p = from + output * 4;
    for (const end = o + pixels * 32; o < end; o += 32) {
      v128.store(o, loadLanes(p, lanes));
      v128.store(o, lanes > 4 ? loadLanes(p + 16, lanes - 4) : f32x4.splat(0), 16);
      p += step;
    }
  }
}

/**
 * The images of one chunk, to a slot `[groups][height][width][channels][outputs]`, where runs of taps are filled up
 * to four and outputs to eight. Arguments: input, output gradient, slots (float32, one of `slotBytes`
 * for each chunk); height, width, channels of input and output; kernel height and width, stride,
 * padding, groups; images and rows in a band, images in a chunk, images; pixels in a band, bytes of its padded rows of an
 * image, panels of taps that are multiplied at a time, bytes of a slot; three of an empty prologue. Scratch: addresses of the pixels and of the
 * taps of a group, panels of taps and of outputs, and the padded rows, with 16 bytes behind them.
 */
export function convolveFilterGradient(args: usize, chunk: i32, scratch: usize): void {
  const height = arg(args, A.height), width = arg(args, A.width), channels = arg(args, A.channels);
  const outputHeight = arg(args, A.outputHeight), outputWidth = arg(args, A.outputWidth);
  const outputChannels = arg(args, A.outputs);
  const kernelHeight = arg(args, A.kernelHeight), kernelWidth = arg(args, A.kernelWidth);
  const stride = arg(args, A.stride);
  const padding = arg(args, A.padding), groups = arg(args, A.groups);
  const bandImages = arg(args, A.bandImages), bandRows = arg(args, A.bandRows);
  const bandPixels = arg(args, A.bandPixels), stripBytes = arg(args, A.stripBytes);
  const tapPanels = arg(args, A.tapPanels);
  const slotBytes = arg(args, A.slotBytes);

  const pixel = channels * 4, outputPixel = outputChannels * 4;
  const columns = (outputWidth - 1) * stride + kernelWidth;
  const run = groups == 1 ? kernelWidth * channels : channels / groups;
  const tapColumns = groups == 1 ? <usize>1 : kernelWidth;
  const taps = kernelHeight * tapColumns * roundUp(run, 4);
  const outputs = outputChannels / groups;
  const filledOutputs = roundUp(outputs, 8), filterRow = filledOutputs * 4;
  const pixelList = scratch, tapList = pixelList + roundUp(bandPixels, 4) * 4;
  const tapPanel = tapList + taps * 4;
  const outputPanel = tapPanel + tapPanels * bandPixels * 16;
  const strips = outputPanel + bandPixels * filterRow;
  const slot = arg(args, A.slots) + <usize>chunk * slotBytes;
  memory.fill(slot, 0, slotBytes);

  const last = min(arg(args, A.images), (<usize>chunk + 1) * arg(args, A.chunkImages));
  for (let image = <usize>chunk * arg(args, A.chunkImages); image < last; image += bandImages) {
    const images = min(bandImages, last - image);
    for (let row: usize = 0; row < outputHeight; row += bandRows) {
      const rows = min(bandRows, outputHeight - row);
      let end = pixelList;
      for (let i: usize = 0; i < images; i++) {
        const strip = strips + i * stripBytes;
        padStrip(
          arg(args, A.input) + (image + i) * height * width * pixel, height, width, channels,
          row * stride - padding, 0 - padding, (rows - 1) * stride + kernelHeight, columns, strip,
          args + 8 * A.prologueKind,
        );
        end = listPixels(strip, rows, stride * columns * pixel, outputWidth, stride * pixel, end);
      }
      const pixels = (end - pixelList) / 4;
      const gradient = arg(args, A.outputGradient) + (image * outputHeight + row) * outputWidth * outputPixel;
      for (let group: usize = 0; group < groups; group++) {
        listPixels(slot + group * taps * filterRow, 1, 0, taps, filterRow, tapList);
        packOutputs(gradient + group * outputs * 4, pixels, outputPixel, outputs, outputPanel);
        let tap: usize = 0;
        for (let u: usize = 0; u < kernelHeight; u++) {
          for (let v: usize = 0; v < tapColumns; v++) {
            const offset = (u * columns + v) * pixel + group * run * 4;
            for (let first: usize = 0; first < run; first += tapPanels * 4) {
              const panels = min(tapPanels, (run - first + 3) / 4);
              for (let i: usize = 0; i < panels; i++) {
                packTaps(pixelList, pixels, offset + (first + i * 4) * 4, tapPanel + i * pixels * 16);
              }
              multiplyOutputs(
                tapPanel, panels, pixels, outputPanel, pixels * 32, tapList + tap * 4, 0, filledOutputs, 0,
              );
              tap += panels * 4;
            }
          }
        }
      }
    }
  }
}

/**
 * Adds the slots in their order, in float64, `chunkTaps` taps of a channel a chunk. Arguments: slots,
 * filter gradient `[height, width, channels, outputs]`, slots, bytes of a slot, height, width,
 * channels per group, outputs, groups, `chunkTaps`.
 */
export function filterGradientFinish(args: usize, chunk: i32, scratch: usize): void {
  const slots = arg(args, F.slots), count = arg(args, F.slotCount);
  const slotBytes = arg(args, F.slotBytes);
  const height = arg(args, F.height), width = arg(args, F.width), channels = arg(args, F.channels);
  const outputs = arg(args, F.outputs), groups = arg(args, F.groups);
  const perGroup = outputs / groups;
  const run = roundUp(groups == 1 ? width * channels : channels, 4);
  const rowTaps = groups == 1 ? run : width * run;
  const filterRow = roundUp(perGroup, 8) * 4;
  const first = <usize>chunk * arg(args, F.chunkTaps);
  const end = min(first + arg(args, F.chunkTaps), height * width * channels);
  let to = arg(args, F.filterGradient) + first * outputs * 4;
  for (let n = first; n < end; n++) {
    const c = n % channels, v = (n / channels) % width, u = n / channels / width;
    const tap = groups == 1 ? v * channels + c : v * run + c;
    for (let group: usize = 0; group < groups; group++) {
      let from = slots + ((group * height + u) * rowTaps + tap) * filterRow;
      for (let output: usize = 0; output < perGroup; output += 4) {
        const sums = min<usize>(4, perGroup - output);
        storeSlotSums(to, sums, from, count, slotBytes);
        from += 16; to += sums * 4;
      }
    }
  }
}
