import type { multiplyChannelsGradientOp, multiplyChannelsOp } from "@bn-only/frozen-layers";
import { util } from "@tensorflow/tfjs-core";
import { defineShader, perInvocation } from "../shaders/shader.ts";
import type { Shape4D, WebgpuKernel } from "./kernel.ts";

const multiply = defineShader("multiplyChannels", () => ({
  inputs: { input: "f32", gate: "f32" },
  outputs: { output: "f32" },
  uniforms: { count: "u32", channels: "u32", imageSize: "u32" },
  invocations: 64,
  main: `
${perInvocation}
output[i] = input[i] * gate[(i / u.imageSize) * u.channels + i % u.channels];`,
}));

/** An invocation has one channel of one image; pixels are added in rows of 16, so that no sum is long. */
const gateSums = defineShader("multiplyChannelsGateGradient", () => ({
  inputs: { input: "f32", outputGradient: "f32" },
  outputs: { gateGradient: "f32" },
  uniforms: { count: "u32", channels: "u32", pixels: "u32" },
  invocations: 64,
  main: `
${perInvocation}
let begin = (i / u.channels) * u.pixels * u.channels + i % u.channels;
var total = 0.0;
for (var first = 0u; first < u.pixels; first += 16u) {
var part = 0.0;
for (var pixel = first; pixel < min(first + 16u, u.pixels); pixel++) {
part += input[begin + pixel * u.channels] * outputGradient[begin + pixel * u.channels];
}
total += part;
}
gateGradient[i] = total;`,
}));

export const multiplyChannels: WebgpuKernel<typeof multiplyChannelsOp> = (
  { input, gate },
  _none,
  backend,
) => {
  const [, height, width, channels] = input.shape as unknown as Shape4D;
  const count = util.sizeFromShape(input.shape);
  const output = backend.allocate(input.shape);
  backend.run(multiply({}), {
    inputs: [input, gate],
    outputs: [output],
    uniforms: { count, channels, imageSize: height * width * channels },
    groups: Math.ceil(count / 64),
  });
  return { output };
};

export const multiplyChannelsGradient: WebgpuKernel<typeof multiplyChannelsGradientOp> = (
  { input, gate, outputGradient },
  _none,
  backend,
) => {
  const [batch, height, width, channels] = input.shape as unknown as Shape4D;
  const size = util.sizeFromShape(input.shape);
  const inputGradient = backend.allocate(input.shape);
  backend.run(multiply({}), {
    inputs: [outputGradient, gate],
    outputs: [inputGradient],
    uniforms: { count: size, channels, imageSize: height * width * channels },
    groups: Math.ceil(size / 64),
  });
  const gateGradient = backend.allocate(gate.shape);
  const count = batch * channels;
  backend.run(gateSums({}), {
    inputs: [input, outputGradient],
    outputs: [gateGradient],
    uniforms: { count, channels, pixels: height * width },
    groups: Math.ceil(count / 64),
  });
  return { inputGradient, gateGradient };
};
