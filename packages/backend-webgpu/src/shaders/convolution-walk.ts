import type { Tile } from "./convolution-tile.ts";

// Convolution without groups as a product of two matrices that are never written down (implicit GEMM): pixels by
// taps and channels, times the packed filter `[taps, inner / 4, 4, outer / 4]` of vec4. Channels come and go in fours.
//
// The input gradient is the same with another walk over the source. With stride s, pixels of one phase (y mod s,
// x mod s) see the same taps, so that a workgroup takes pixels of one phase and no product with a zero is made.
// What is divided by is a constant, since a division by a number that is known is a multiplication; other sizes are uniforms.

export type ConvolutionConstants = {
  readonly kind: "forward" | "inputGradient";
  /** Fours of channels that are summed over. */
  readonly innerQuads: number;
  readonly kernelHeight: number;
  readonly kernelWidth: number;
  readonly stride: number;
  readonly padding: number;
} & Tile;

/** Fours, the last of them filled up with zeros. */
export const quadsOf = (channels: number): number => Math.ceil(channels / 4);

export const sizes = {
  blocks: "u32",
  columnBlocks: "u32",
  pixels: "i32",
  height: "i32",
  width: "i32",
  sourceHeight: "i32",
  sourceWidth: "i32",
  outerQuads: "i32",
} as const;

/** Constants, and the functions that find what a pixel reads and where it is written. */
export function walkOf(constants: ConvolutionConstants): string {
  const { kind, innerQuads, kernelHeight, kernelWidth, stride, padding } = constants;
  return `
const INNER = ${innerQuads};
const KERNEL_HEIGHT = ${kernelHeight};
const KERNEL_WIDTH = ${kernelWidth};
const STRIDE = ${stride};
const PADDING = ${padding};
fn begin(image: i32, y: i32, x: i32) -> i32 { return ((image * u.sourceHeight + y) * u.sourceWidth + x) * INNER; }
struct Phase { y: i32, x: i32, row: i32, column: i32, rows: i32, columns: i32 }
${kind === "forward" ? forwardWalk : gradientWalk}`;
}

// A corner is where a pixel begins to read, y and x of that, and where it is written: −1 for a pixel that is not there,
// which begins so far outside that it reads nothing.
const nowhere = "vec4i(0, -(1 << 30), 0, -1)";

const forwardWalk = `
const DIRECTION = 1;
fn phaseOf(number: i32) -> Phase { return Phase(0, 0, 0, 0, KERNEL_HEIGHT, KERNEL_WIDTH); }
fn tapOf(row: i32, column: i32, phase: Phase) -> i32 { return row * KERNEL_WIDTH + column; }
fn cornerOf(i: i32, phase: Phase) -> vec4i {
  if (i >= u.pixels) { return ${nowhere}; }
  let image = i / (u.height * u.width);
  let y = ((i / u.width) % u.height) * STRIDE - PADDING;
  let x = (i % u.width) * STRIDE - PADDING;
  return vec4i(begin(image, y, x), y, x, i);
}`;

const gradientWalk = `
const DIRECTION = -1;
fn phaseOf(number: i32) -> Phase {
  let y = number / STRIDE;
  let x = number % STRIDE;
  let row = (y + PADDING) % STRIDE;
  let column = (x + PADDING) % STRIDE;
  let rows = max(0, (KERNEL_HEIGHT - row + STRIDE - 1) / STRIDE);
  let columns = max(0, (KERNEL_WIDTH - column + STRIDE - 1) / STRIDE);
  return Phase(y, x, row, column, rows, columns);
}
fn tapOf(row: i32, column: i32, phase: Phase) -> i32 {
  return (phase.row + row * STRIDE) * KERNEL_WIDTH + phase.column + column * STRIDE;
}
fn cornerOf(i: i32, phase: Phase) -> vec4i {
  let rows = (u.height + STRIDE - 1) / STRIDE;
  let columns = (u.width + STRIDE - 1) / STRIDE;
  let image = i / (rows * columns);
  let row = (i / columns) % rows;
  let column = i % columns;
  let y = row * STRIDE + phase.y;
  let x = column * STRIDE + phase.x;
  if (i >= u.pixels || y >= u.height || x >= u.width) { return ${nowhere}; }
  let top = row + (phase.y + PADDING - phase.row) / STRIDE;
  let left = column + (phase.x + PADDING - phase.column) / STRIDE;
  return vec4i(begin(image, top, left), top, left, (image * u.height + y) * u.width + x);
}`;
