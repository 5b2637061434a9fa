import { addProducts, beginSums, lines, pixelStep, writeSums } from "./convolution-sums.ts";
import { INVOCATIONS, type Tile, tileSize } from "./convolution-tile.ts";
import { type ConvolutionConstants, sizes, walkOf } from "./convolution-walk.ts";
import { defineShader, type Shader } from "./shader.ts";

// For GPUs: a workgroup holds its tile of pixels and that of the filter in its own memory, `depth` fours of channels at
// a time, so that each number is read from the tensors once.

export const tiledConvolution: (constants: ConvolutionConstants) => Shader = defineShader(
  "tiledConv2d",
  (constants: ConvolutionConstants) => {
    const { innerQuads, depth } = constants;
    const tile = tileSize(constants);
    return {
      inputs: { source: "vec4f", weights: "vec4f" },
      outputs: { output: "vec4f" },
      uniforms: sizes,
      invocations: INVOCATIONS,
      declarations: `
var<workgroup> sources: array<vec4f, ${tile.pixels * depth}>;
var<workgroup> filters: array<vec4f, ${tile.quads * depth * 4}>;
var<workgroup> corners: array<vec4i, ${tile.pixels}>;
${walkOf(constants)}`,
      main: `
${beginSums(constants)}
for (var m = lane; m < ${tile.pixels}u; m += ${INVOCATIONS}u) {
corners[m] = cornerOf(firstPixel + i32(m), phase);
}
workgroupBarrier();
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
${writeSums(constants, (m) => `corners[downLane + ${m * pixelStep(constants)}u]`)}`,
    };
  },
);

/** One four of channels of every pixel of an invocation, times its output channels. */
function multiply(constants: Tile): string {
  const { pixels, quads, across } = constants;
  const tile = tileSize(constants);
  return `
${lines(4, (j) => lines(quads, (n) => `let b${j}_${n} = filters[(k * 4u + ${j}u) * ${tile.quads}u + acrossLane + ${n * across}u];`))}
${lines(
  pixels,
  (m) => `let a${m} = sources[k * ${tile.pixels}u + downLane + ${m * pixelStep(constants)}u];
${addProducts(constants, m)}`,
)}`;
}
