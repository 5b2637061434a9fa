import { quadsOf } from "./convolution-walk.ts";
import { defineShader, perInvocation, type Shader } from "./shader.ts";

// dLoss/dFilter without groups, as a product of two matrices: taps and input channels by pixels, times pixels by
// output channels. Pixels are cut into chunks by the shape alone; their sums are added in order by `addChunks`.

export type FilterGradientConstants = {
  readonly kernelHeight: number;
  readonly kernelWidth: number;
  readonly stride: number;
  readonly padding: number;
  readonly inputs: number;
  readonly outputs: number;
};

/** 8 by 8 invocations with 4 by 4 sums each: 32 taps and channels by 32 output channels. */
const SIDE = 8;

/** Pixels in workgroup memory at once. */
const DEPTH = 8;

/** Blocks of the two matrices. */
export function filterGradientBlocks(constants: FilterGradientConstants): {
  rows: number;
  columns: number;
} {
  const { kernelHeight, kernelWidth, inputs, outputs } = constants;
  return {
    rows: Math.ceil((kernelHeight * kernelWidth * quadsOf(inputs)) / SIDE),
    columns: Math.ceil(quadsOf(outputs) / SIDE),
  };
}

/** A four of channels from a tensor of either kind. */
const four = (tensor: string, channels: number): string =>
  channels % 4 === 0
    ? `fn ${tensor}Four(pixel: i32, quad: i32) -> vec4f { return ${tensor}[pixel * ${channels / 4} + quad]; }`
    : `
fn ${tensor}One(pixel: i32, c: i32) -> f32 {
  if (c >= ${channels}) { return 0.0; }
  return ${tensor}[pixel * ${channels} + c];
}
fn ${tensor}Four(pixel: i32, quad: i32) -> vec4f {
  return vec4f(${[0, 1, 2, 3].map((j) => `${tensor}One(pixel, quad * 4 + ${j})`).join(", ")});
}`;

export const filterGradient: (constants: FilterGradientConstants) => Shader = defineShader(
  "conv2dFilterGradient",
  (constants: FilterGradientConstants) => {
    const { kernelHeight, kernelWidth, stride, padding, inputs, outputs } = constants;
    const { rows, columns } = filterGradientBlocks(constants);
    const [inputQuads, outputQuads] = [quadsOf(inputs), quadsOf(outputs)];
    const taps = kernelHeight * kernelWidth;
    const size = taps * inputs * outputs;
    return {
      inputs: {
        source: inputs % 4 === 0 ? "vec4f" : "f32",
        gradient: outputs % 4 === 0 ? "vec4f" : "f32",
      },
      outputs: { partial: "f32" },
      uniforms: {
        pixels: "i32",
        chunkPixels: "i32",
        height: "i32",
        width: "i32",
        outputHeight: "i32",
        outputWidth: "i32",
      },
      invocations: SIDE * SIDE,
      declarations: `
var<workgroup> sources: array<vec4f, ${SIDE * DEPTH}>;
var<workgroup> gradients: array<vec4f, ${SIDE * DEPTH}>;
${four("source", inputs)}
${four("gradient", outputs)}
fn readSource(pixel: i32, entry: i32) -> vec4f {
  let tap = entry / ${inputQuads};
  let image = pixel / (u.outputHeight * u.outputWidth);
  let y = ((pixel / u.outputWidth) % u.outputHeight) * ${stride} - ${padding} + tap / ${kernelWidth};
  let x = (pixel % u.outputWidth) * ${stride} - ${padding} + tap % ${kernelWidth};
  if (tap >= ${taps} || y < 0 || y >= u.height || x < 0 || x >= u.width) { return vec4f(0); }
  return sourceFour((image * u.height + y) * u.width + x, entry % ${inputQuads});
}`,
      main: `
let block = i32(group % ${rows * columns}u);
let chunk = i32(group / ${rows * columns}u);
let firstEntry = (block / ${columns}) * ${SIDE};
let firstQuad = (block % ${columns}) * ${SIDE};
let end = min((chunk + 1) * u.chunkPixels, u.pixels);
let across = i32(lane % ${SIDE}u);
let down = i32(lane / ${SIDE}u);
var sum0 = vec4f(0);
var sum1 = vec4f(0);
var sum2 = vec4f(0);
var sum3 = vec4f(0);
for (var first = chunk * u.chunkPixels; first < end; first += ${DEPTH}) {
let pixel = first + down;
var a = vec4f(0);
var b = vec4f(0);
if (pixel < end) {
a = readSource(pixel, firstEntry + across);
if (firstQuad + across < ${outputQuads}) { b = gradientFour(pixel, firstQuad + across); }
}
sources[lane] = a;
gradients[lane] = b;
workgroupBarrier();
for (var k = 0; k < ${DEPTH}; k++) {
let x = sources[k * ${SIDE} + down];
let g = gradients[k * ${SIDE} + across];
sum0 += x.x * g;
sum1 += x.y * g;
sum2 += x.z * g;
sum3 += x.w * g;
}
workgroupBarrier();
}
let entry = firstEntry + down;
let tap = entry / ${inputQuads};
let channel = (entry % ${inputQuads}) * 4;
let output = (firstQuad + across) * 4;
if (tap < ${taps}) {
${[0, 1, 2, 3]
  .flatMap((i) =>
    [0, 1, 2, 3].map(
      (j) =>
        `if (channel + ${i} < ${inputs} && output + ${j} < ${outputs}) { partial[chunk * ${size} + (tap * ${inputs} + channel + ${i}) * ${outputs} + output + ${j}] = sum${i}[${j}]; }`,
    ),
  )
  .join("\n")}
}`,
    };
  },
);

/** The chunks `[chunks, size]` of a tensor added in order. */
export const addChunks: (constants: { vectors: boolean }) => Shader = defineShader(
  "addChunks",
  ({ vectors }) => ({
    inputs: { partial: vectors ? "vec4f" : "f32" },
    outputs: { total: vectors ? "vec4f" : "f32" },
    uniforms: { count: "u32", chunks: "u32" },
    invocations: 64,
    main: `
${perInvocation}
var sum = partial[i];
for (var chunk = 1u; chunk < u.chunks; chunk++) { sum += partial[chunk * u.count + i]; }
total[i] = sum;`,
  }),
);
