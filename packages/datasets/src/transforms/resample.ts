import type { Image } from "./transform.ts";

/** Fraction bits of a weight: what 8-bit pixels leave of 32 bits with two bits to spare. */
const precision = 22;

/** A window of an image, in pixels. */
export interface Window {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

/** The weights of the pixels that one row or column of the result is made of. */
interface Weights {
  /** First pixel of each. */
  readonly first: Int32Array;
  /** How many pixels each takes. */
  readonly count: Int32Array;
  /** `[result, longest]`, in units of 2^-22. */
  readonly values: Int32Array;
  readonly longest: number;
}

/**
 * Resizes a window of an image to the size of `target` with a triangle filter that grows with the
 * reduction, columns first, rounded to a byte after each direction: the bits of Pillow's
 * `resize(..., BILINEAR)`, which torchvision uses.
 *
 * https://github.com/python-pillow/Pillow/blob/main/src/libImaging/Resample.c
 */
export function resample(image: Image, window: Window, target: Image): void {
  const [, imageWidth, channels] = image.shape;
  const [height, width] = target.shape;
  const columns = triangleWeights(window.width, width);
  const rows = triangleWeights(window.height, height);
  const narrow = new Uint8Array(window.height * width * channels);
  for (let y = 0; y < window.height; y++) {
    const from = ((y + window.top) * imageWidth + window.left) * channels;
    weigh(image.pixels, from, channels, channels, columns, narrow, y * width * channels, channels);
  }
  const stride = width * channels;
  weigh(narrow, 0, stride, stride, rows, target.pixels, 0, stride);
}

/**
 * For every result `i` and every offset `c < run`:
 * `target[to + i * toStride + c] = sum_k weight[i, k] * source[from + (first[i] + k) * stride + c]`.
 */
function weigh(
  source: Uint8Array,
  from: number,
  stride: number,
  run: number,
  { first, count, values, longest }: Weights,
  target: Uint8Array,
  to: number,
  toStride: number,
): void {
  const half = 1 << (precision - 1);
  for (let i = 0; i < first.length; i++) {
    const start = from + first[i]! * stride;
    for (let c = 0; c < run; c++) {
      let sum = half;
      for (let k = 0; k < count[i]!; k++) {
        sum += source[start + k * stride + c]! * values[i * longest + k]!;
      }
      const value = sum >> precision;
      target[to + i * toStride + c] = value > 255 ? 255 : value;
    }
  }
}

/** Weights of a triangle of half-width `max(1, input / output)` around every centre, normalised. */
function triangleWeights(input: number, output: number): Weights {
  const scale = input / output;
  const support = Math.max(1, scale);
  const longest = 2 * Math.ceil(support) + 1;
  const first = new Int32Array(output);
  const count = new Int32Array(output);
  const values = new Int32Array(output * longest);
  for (let i = 0; i < output; i++) {
    const centre = (i + 0.5) * scale;
    const begin = Math.max(0, Math.trunc(centre - support + 0.5));
    const end = Math.min(input, Math.trunc(centre + support + 0.5));
    const weights = Array.from({ length: end - begin }, (_, k) => {
      const distance = Math.abs((k + begin - centre + 0.5) * (1 / support));
      return distance < 1 ? 1 - distance : 0;
    });
    const sum = weights.reduce((total, weight) => total + weight, 0);
    first[i] = begin;
    count[i] = end - begin;
    for (const [k, weight] of weights.entries()) {
      const share = sum === 0 ? weight : weight / sum;
      values[i * longest + k] = Math.trunc(0.5 + share * (1 << precision));
    }
  }
  return { first, count, values, longest };
}
