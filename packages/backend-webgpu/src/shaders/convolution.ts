import { INVOCATIONS, type Tile, tileSize } from "./convolution-tile.ts";
import { defineShader, type Shader } from "./shader.ts";

// Convolution without groups as a product of two matrices that are never written down (implicit GEMM): pixels by
// taps and channels, times the packed filter `[taps, inner / 4, 4, outer / 4]` of vec4. A workgroup holds a tile
// of either in its memory, `depth` fours of channels at a time. Channels come and go in fours.
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

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

export const convolution: (constants: ConvolutionConstants) => Shader = defineShader(
  "conv2d",
  (constants: ConvolutionConstants) => {
    const { kind, pixels, quads, across, depth } = constants;
    const { innerQuads, kernelHeight, kernelWidth, stride, padding } = constants;
    const tile = tileSize(constants);
    const sums = range(pixels).flatMap((m) => range(quads).map((n) => `sum${m}_${n}`));
    return {
      inputs: { source: "vec4f", weights: "vec4f" },
      outputs: { output: "vec4f" },
      uniforms: {
        blocks: "u32",
        columnBlocks: "u32",
        pixels: "i32",
        height: "i32",
        width: "i32",
        sourceHeight: "i32",
        sourceWidth: "i32",
        outerQuads: "i32",
      },
      invocations: INVOCATIONS,
      declarations: `
const INNER = ${innerQuads};
const KERNEL_HEIGHT = ${kernelHeight};
const KERNEL_WIDTH = ${kernelWidth};
const STRIDE = ${stride};
const PADDING = ${padding};
var<workgroup> sources: array<vec4f, ${tile.pixels * depth}>;
var<workgroup> filters: array<vec4f, ${tile.quads * depth * 4}>;
var<workgroup> corners: array<vec4i, ${tile.pixels}>;
fn begin(image: i32, y: i32, x: i32) -> i32 { return ((image * u.sourceHeight + y) * u.sourceWidth + x) * INNER; }
struct Phase { y: i32, x: i32, row: i32, column: i32, rows: i32, columns: i32 }
${kind === "forward" ? forwardWalk : gradientWalk}`,
      main: `
let firstQuad = i32(group % u.columnBlocks) * ${tile.quads};
let phase = phaseOf(i32(group / (u.columnBlocks * u.blocks)));
let firstPixel = i32((group / u.columnBlocks) % u.blocks) * ${tile.pixels};
for (var m = lane; m < ${tile.pixels}u; m += ${INVOCATIONS}u) {
corners[m] = cornerOf(firstPixel + i32(m), phase);
}
workgroupBarrier();
${sums.map((sum) => `var ${sum} = vec4f(0);`).join("\n")}
let acrossLane = lane % ${across}u;
let downLane = lane / ${across}u;
${range(quads)
  .map((n) => `let quad${n} = firstQuad + i32(acrossLane) + ${n * across};`)
  .join("\n")}
let loadQuad = i32(lane % ${depth}u);
let loadColumn = firstQuad + i32(lane % ${tile.quads}u);
let steps = phase.rows * phase.columns * ${innerQuads / depth};
var row = 0;
var column = 0;
var inner = 0;
for (var step = 0; step < steps; step++) {
let down = DIRECTION * row;
let right = DIRECTION * column;
let further = (down * u.sourceWidth + right) * INNER + inner + loadQuad;
for (var m = lane / ${depth}u; m < ${tile.pixels}u; m += ${INVOCATIONS / depth}u) {
let corner = corners[m];
var value = vec4f(0);
if (u32(corner.y + down) < u32(u.sourceHeight) && u32(corner.z + right) < u32(u.sourceWidth)) {
value = source[corner.x + further];
}
sources[(lane % ${depth}u) * ${tile.pixels}u + m] = value;
}
let firstRow = (tapOf(row, column, phase) * INNER + inner) * 4;
for (var r = lane / ${tile.quads}u; r < ${depth * 4}u; r += ${INVOCATIONS / tile.quads}u) {
var value = vec4f(0);
if (loadColumn < u.outerQuads) {
value = weights[(firstRow + i32(r)) * u.outerQuads + loadColumn];
}
filters[r * ${tile.quads}u + lane % ${tile.quads}u] = value;
}
workgroupBarrier();
for (var k = 0u; k < ${depth}u; k++) {
${multiply(constants)}
}
workgroupBarrier();
inner += ${depth};
if (inner == INNER) {
inner = 0;
column++;
if (column == phase.columns) {
column = 0;
row++;
}
}
}
${range(pixels)
  .map((m) => {
    const pixel = `let pixel${m} = corners[downLane + ${(m * INVOCATIONS) / across}u].w;`;
    const writes = range(quads).map(
      (n) =>
        `if (pixel${m} >= 0 && quad${n} < u.outerQuads) { output[pixel${m} * u.outerQuads + quad${n}] = sum${m}_${n}; }`,
    );
    return [pixel, ...writes].join("\n");
  })
  .join("\n")}`,
    };
  },
);

/** One four of channels of every pixel of an invocation, times its output channels. */
function multiply(constants: Tile): string {
  const { pixels, quads, across } = constants;
  const tile = tileSize(constants);
  const rows = range(4).flatMap((j) =>
    range(quads).map(
      (n) =>
        `let b${j}_${n} = filters[(k * 4u + ${j}u) * ${tile.quads}u + acrossLane + ${n * across}u];`,
    ),
  );
  const products = range(pixels).flatMap((m) => [
    `let a${m} = sources[k * ${tile.pixels}u + downLane + ${(m * INVOCATIONS) / across}u];`,
    ...range(quads).map(
      (n) =>
        `sum${m}_${n} += a${m}.x * b0_${n} + a${m}.y * b1_${n} + a${m}.z * b2_${n} + a${m}.w * b3_${n};`,
    ),
  ]);
  return [...rows, ...products].join("\n");
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
