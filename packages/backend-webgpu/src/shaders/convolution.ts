import { DEPTH, INVOCATIONS, type Tile, tileSize } from "./convolution-tile.ts";
import { defineShader, type Shader } from "./shader.ts";

// Convolution without groups as a product of two matrices that are never written down (implicit GEMM): pixels by
// taps and channels, times the packed filter `[taps, inner / 4, 4, outer / 4]` of vec4. A workgroup holds a tile
// of either in its memory, DEPTH fours of channels at a time. Channels come and go in fours.
//
// The input gradient is the same with another walk over the source. With stride s, pixels of one phase (y mod s,
// x mod s) see the same taps, so that a workgroup takes pixels of one phase and no product with a zero is made.
// Sizes are uniforms: a handful of pipelines serves all layers.

export type ConvolutionConstants = { readonly kind: "forward" | "inputGradient" } & Tile;

/** Fours, the last of them filled up with zeros. */
export const quadsOf = (channels: number): number => Math.ceil(channels / 4);

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

export const convolution: (constants: ConvolutionConstants) => Shader = defineShader(
  "conv2d",
  (constants: ConvolutionConstants) => {
    const { kind, pixels, quads, across } = constants;
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
        innerQuads: "i32",
        outerQuads: "i32",
        kernelHeight: "i32",
        kernelWidth: "i32",
        stride: "i32",
        padding: "i32",
      },
      invocations: INVOCATIONS,
      declarations: `
var<workgroup> sources: array<vec4f, ${tile.pixels * DEPTH}>;
var<workgroup> filters: array<vec4f, ${tile.quads * DEPTH * 4}>;
var<workgroup> corners: array<vec4i, ${tile.pixels}>;
struct Phase { y: i32, x: i32, row: i32, column: i32, rows: i32, columns: i32 }
${kind === "forward" ? forwardWalk : gradientWalk}`,
      main: `
let firstQuad = i32(group % u.columnBlocks) * ${tile.quads};
let phase = phaseOf(i32(group / (u.columnBlocks * u.blocks)));
let firstPixel = i32((group / u.columnBlocks) % u.blocks) * ${tile.pixels};
if (lane < ${tile.pixels}u) { corners[lane] = cornerOf(firstPixel + i32(lane), phase); }
workgroupBarrier();
${sums.map((sum) => `var ${sum} = vec4f(0);`).join("\n")}
let acrossLane = lane % ${across}u;
let downLane = lane / ${across}u;
${range(quads)
  .map((n) => `let quad${n} = firstQuad + i32(acrossLane) + ${n * across};`)
  .join("\n")}
let total = phase.rows * phase.columns * u.innerQuads;
for (var first = 0; first < total; first += ${DEPTH}) {
${loadSources(tile.pixels)}
${loadFilters(tile.quads)}
workgroupBarrier();
for (var k = 0u; k < ${DEPTH}u; k++) {
${multiply(constants)}
}
workgroupBarrier();
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

/** An invocation loads one four of channels of several pixels. */
const loadSources = (tilePixels: number): string => `
{
let k = first + i32(lane % ${DEPTH}u);
let tap = k / u.innerQuads;
let quad = k % u.innerQuads;
let reach = vec2i(tap / max(phase.columns, 1), tap % max(phase.columns, 1));
for (var m = lane / ${DEPTH}u; m < ${tilePixels}u; m += ${INVOCATIONS / DEPTH}u) {
let corner = corners[m];
let y = corner.y + DIRECTION * reach.x;
let x = corner.z + DIRECTION * reach.y;
var value = vec4f(0);
if (k < total && corner.x >= 0 && y >= 0 && y < u.sourceHeight && x >= 0 && x < u.sourceWidth) {
value = source[((corner.x * u.sourceHeight + y) * u.sourceWidth + x) * u.innerQuads + quad];
}
sources[(lane % ${DEPTH}u) * ${tilePixels}u + m] = value;
}
}`;

const loadFilters = (tileQuads: number): string => `
for (var entry = i32(lane); entry < ${tileQuads * DEPTH * 4}; entry += ${INVOCATIONS}) {
let row = entry / ${tileQuads};
let n = firstQuad + entry % ${tileQuads};
let k = first + row / 4;
var value = vec4f(0);
if (k < total && n < u.outerQuads) {
let tap = k / u.innerQuads;
let at = tapOf(tap / max(phase.columns, 1), tap % max(phase.columns, 1), phase);
value = weights[((at * u.innerQuads + k % u.innerQuads) * 4 + row % 4) * u.outerQuads + n];
}
filters[entry] = value;
}`;

/** One four of channels of every pixel of an invocation, times its output channels. */
function multiply({ pixels, quads, across }: Tile): string {
  const tile = tileSize({ pixels, quads, across });
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

// A corner is the image, y and x where a pixel begins to read, and where it is written; −1 for one that is not.

const forwardWalk = `
const DIRECTION = 1;
fn phaseOf(number: i32) -> Phase { return Phase(0, 0, 0, 0, u.kernelHeight, u.kernelWidth); }
fn tapOf(row: i32, column: i32, phase: Phase) -> i32 { return row * u.kernelWidth + column; }
fn cornerOf(i: i32, phase: Phase) -> vec4i {
  if (i >= u.pixels) { return vec4i(-1); }
  let y = (i / u.width) % u.height;
  let x = i % u.width;
  return vec4i(i / (u.height * u.width), y * u.stride - u.padding, x * u.stride - u.padding, i);
}`;

const gradientWalk = `
const DIRECTION = -1;
fn phaseOf(number: i32) -> Phase {
  let y = number / u.stride;
  let x = number % u.stride;
  let row = (y + u.padding) % u.stride;
  let column = (x + u.padding) % u.stride;
  let rows = max(0, (u.kernelHeight - row + u.stride - 1) / u.stride);
  let columns = max(0, (u.kernelWidth - column + u.stride - 1) / u.stride);
  return Phase(y, x, row, column, rows, columns);
}
fn tapOf(row: i32, column: i32, phase: Phase) -> i32 {
  return (phase.row + row * u.stride) * u.kernelWidth + phase.column + column * u.stride;
}
fn cornerOf(i: i32, phase: Phase) -> vec4i {
  let rows = (u.height + u.stride - 1) / u.stride;
  let columns = (u.width + u.stride - 1) / u.stride;
  let image = i / (rows * columns);
  let row = (i / columns) % rows;
  let column = i % columns;
  let y = row * u.stride + phase.y;
  let x = column * u.stride + phase.x;
  if (i >= u.pixels || y >= u.height || x >= u.width) { return vec4i(-1); }
  return vec4i(
    image,
    row + (phase.y + u.padding - phase.row) / u.stride,
    column + (phase.x + u.padding - phase.column) / u.stride,
    (image * u.height + y) * u.width + x,
  );
}`;
