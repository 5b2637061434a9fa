import { addProducts, beginSums, lines, pixelStep, writeSums } from "./convolution-sums.ts";
import { INVOCATIONS } from "./convolution-tile.ts";
import { type ConvolutionConstants, sizes, walkOf } from "./convolution-walk.ts";
import { defineShader, type Shader } from "./shader.ts";

// For adapters in software: the same sums in the same order, read straight from the tensors. There a barrier makes coroutines
// of the invocations, and memory of a workgroup is as far away as any other.

export const directConvolution: (constants: ConvolutionConstants) => Shader = defineShader(
  "directConv2d",
  (constants: ConvolutionConstants) => {
    const { pixels, quads } = constants;
    return {
      inputs: { source: "vec4f", weights: "vec4f" },
      outputs: { output: "vec4f" },
      uniforms: sizes,
      invocations: INVOCATIONS,
      declarations: walkOf(constants),
      main: `
${beginSums(constants)}
${lines(quads, (n) => `let column${n} = min(quad${n}, u.outerQuads - 1);`)}
${lines(pixels, (m) => `let corner${m} = cornerOf(firstPixel + i32(downLane) + ${m * pixelStep(constants)}, phase);`)}
for (var row = 0; row < phase.rows; row++) {
let down = DIRECTION * row;
for (var column = 0; column < phase.columns; column++) {
let right = DIRECTION * column;
let further = (down * u.sourceWidth + right) * INNER;
${lines(
  pixels,
  (
    m,
  ) => `let inside${m} = u32(corner${m}.y + down) < u32(u.sourceHeight) && u32(corner${m}.z + right) < u32(u.sourceWidth);
let at${m} = select(0, corner${m}.x + further, inside${m});`,
)}
let tap = tapOf(row, column, phase) * INNER * 4;
for (var inner = 0; inner < INNER; inner++) {
${lines(4, (j) => lines(quads, (n) => `let b${j}_${n} = weights[(tap + inner * 4 + ${j}) * u.outerQuads + column${n}];`))}
${lines(
  pixels,
  (m) => `let a${m} = select(vec4f(0), source[at${m} + inner], inside${m});
${addProducts(constants, m)}`,
)}
}
}
}
${writeSums(constants, (m) => `corner${m}`)}`,
    };
  },
);
