// Pooling over `[batch, height, width, channels]`, one image a chunk.
import {
  GlobalAveragePool as P,
  GlobalAveragePoolGradient as Q,
  MaxPool as A,
  MaxPoolGradient as M,
  AveragePoolGradient as G,
} from "./generated/arguments";
import { arg, loadLanes, storeLanes } from "./simd";

/** Arguments: input, output, pixels in an image, channels. */
export function globalAveragePool(args: usize, chunk: i32, scratch: usize): void {
  const pixels = arg(args, P.pixels), channels = arg(args, P.channels);
  const x = arg(args, P.input) + <usize>chunk * pixels * channels * 4;
  const y = arg(args, P.output) + <usize>chunk * channels * 4;
  for (let c: usize = 0; c < channels; c += 4) {
    const lanes = channels - c;
    let sum = f32x4.splat(0);
    // Partial sums of 32 pixels keep the rounding errors of large images small.
    for (let first: usize = 0; first < pixels; first += 32) {
      let part = f32x4.splat(0);
      const last = min(pixels, first + 32);
      for (let i = first; i < last; i++) {
        part = f32x4.add(part, loadLanes(x + (i * channels + c) * 4, lanes));
      }
      sum = f32x4.add(sum, part);
    }
    storeLanes(y + c * 4, f32x4.div(sum, f32x4.splat(<f32>pixels)), lanes);
  }
}

/** Arguments: output gradient, input gradient, pixels in an image, channels. */
export function globalAveragePoolGradient(args: usize, chunk: i32, scratch: usize): void {
  const pixels = arg(args, Q.pixels), channels = arg(args, Q.channels);
  const dy = arg(args, Q.outputGradient) + <usize>chunk * channels * 4;
  const dx = arg(args, Q.inputGradient) + <usize>chunk * pixels * channels * 4;
  for (let c: usize = 0; c < channels; c += 4) {
    const lanes = channels - c;
    const share = f32x4.div(loadLanes(dy + c * 4, lanes), f32x4.splat(<f32>pixels));
    for (let i: usize = 0; i < pixels; i++) storeLanes(dx + (i * channels + c) * 4, share, lanes);
  }
}

/** First and last window, or position in a window, that lies inside. */
// @ts-ignore: decorator
@inline
export function inside(position: isize, size: isize): isize {
  return max<isize>(0, min(size, position));
}

/** The largest value, or the sum, of the window of one output pixel. */
// @ts-ignore: decorator
@inline
export function reduceWindow(
  largest: bool, x: usize, width: isize, channels: usize, lanes: usize,
  top: isize, bottom: isize, left: isize, right: isize,
): v128 {
  let value = f32x4.splat(largest ? -Infinity : 0);
  for (let i = top; i < bottom; i++) {
    for (let j = left; j < right; j++) {
      const v = loadLanes(x + (i * width + j) * channels * 4, lanes);
      value = largest ? f32x4.max(value, v) : f32x4.add(value, v);
    }
  }
  return value;
}

/**
 * Arguments: input, output; height, width, channels; output height, output width; size, stride,
 * padding.
 */
// @ts-ignore: decorator
@inline
export function pool(largest: bool, args: usize, chunk: i32): void {
  const height = arg(args, A.height), width = arg(args, A.width), channels = arg(args, A.channels);
  const outputHeight = arg(args, A.outputHeight), outputWidth = arg(args, A.outputWidth);
  const size = arg(args, A.size), stride = arg(args, A.stride), padding = arg(args, A.padding);
  const x = arg(args, A.input) + <usize>chunk * height * width * channels * 4;
  let y = arg(args, A.output) + <usize>chunk * outputHeight * outputWidth * channels * 4;
  const scale = f32x4.splat(largest ? 1 : <f32>1 / <f32>(size * size));
  for (let i: usize = 0; i < outputHeight; i++) {
    const row = <isize>(i * stride) - <isize>padding;
    for (let j: usize = 0; j < outputWidth; j++) {
      const column = <isize>(j * stride) - <isize>padding;
      for (let c: usize = 0; c < channels; c += 4) {
        const lanes = channels - c;
        const value = reduceWindow(
          largest, x + c * 4, width, channels, lanes,
          inside(row, height), inside(row + size, height),
          inside(column, width), inside(column + size, width),
        );
        storeLanes(y + c * 4, f32x4.mul(value, scale), lanes);
      }
      y += channels * 4;
    }
  }
}
export function maxPool(args: usize, chunk: i32, scratch: usize): void {
  pool(true, args, chunk);
}
export function averagePool(args: usize, chunk: i32, scratch: usize): void {
  pool(false, args, chunk);
}

/**
 * Each output gradient goes to the first position of its window that holds the output's value.
 * Arguments: output gradient, input gradient, and as above from height on; input, output.
 */
export function maxPoolGradient(args: usize, chunk: i32, scratch: usize): void {
  const height = arg(args, M.height), width = arg(args, M.width), channels = arg(args, M.channels);
  const outputHeight = arg(args, M.outputHeight), outputWidth = arg(args, M.outputWidth);
  const size = arg(args, M.size), stride = arg(args, M.stride), padding = arg(args, M.padding);
  const image = height * width * channels * 4;
  const outputImage = outputHeight * outputWidth * channels * 4;
  const dx = arg(args, M.inputGradient) + <usize>chunk * image;
  const x = arg(args, M.input) + <usize>chunk * image;
  let dy = arg(args, M.outputGradient) + <usize>chunk * outputImage;
  let y = arg(args, M.output) + <usize>chunk * outputImage;
  memory.fill(dx, 0, image);
  for (let i: usize = 0; i < outputHeight; i++) {
    const row = <isize>(i * stride) - <isize>padding;
    for (let j: usize = 0; j < outputWidth; j++) {
      const column = <isize>(j * stride) - <isize>padding;
      for (let c: usize = 0; c < channels; c += 4) {
        const lanes = channels - c;
        const value = loadLanes(y + c * 4, lanes);
        let gradient = loadLanes(dy + c * 4, lanes);
        for (let u = inside(row, height); u < inside(row + size, height); u++) {
          for (let v = inside(column, width); v < inside(column + size, width); v++) {
            const at = (u * width + v) * channels * 4 + c * 4;
            const equal = f32x4.eq(loadLanes(x + at, lanes), value);
            const sum = f32x4.add(loadLanes(dx + at, lanes), v128.and(gradient, equal));
            storeLanes(dx + at, sum, lanes);
            gradient = v128.andnot(gradient, equal);
          }
        }
      }
      dy += channels * 4;
      y += channels * 4;
    }
  }
}

/** Arguments: output gradient, input gradient, and as above from height on. */
export function averagePoolGradient(args: usize, chunk: i32, scratch: usize): void {
  const height = arg(args, G.height), width = arg(args, G.width), channels = arg(args, G.channels);
  const outputHeight = arg(args, G.outputHeight), outputWidth = arg(args, G.outputWidth);
  const size = arg(args, G.size), stride = arg(args, G.stride), padding = arg(args, G.padding);
  const dy = arg(args, G.outputGradient) + <usize>chunk * outputHeight * outputWidth * channels * 4;
  let dx = arg(args, G.inputGradient) + <usize>chunk * height * width * channels * 4;
  const share = f32x4.splat(<f32>1 / <f32>(size * size));
  for (let i: usize = 0; i < height; i++) {
    const top = firstWindow(i + padding, size, stride);
    const bottom = min(outputHeight, (i + padding) / stride + 1);
    for (let j: usize = 0; j < width; j++) {
      const left = firstWindow(j + padding, size, stride);
      const right = min(outputWidth, (j + padding) / stride + 1);
      for (let c: usize = 0; c < channels; c += 4) {
        const lanes = channels - c;
        const sum = reduceWindow(
          false, dy + c * 4, outputWidth, channels, lanes, top, bottom, left, right,
        );
        storeLanes(dx + c * 4, f32x4.mul(sum, share), lanes);
      }
      dx += channels * 4;
    }
  }
}

/** The first window that reaches to `position` of the padded input. */
// @ts-ignore: decorator
@inline
export function firstWindow(position: usize, size: usize, stride: usize): usize {
  return position < size ? 0 : (position - size) / stride + 1;
}
