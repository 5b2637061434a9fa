import { type TensorInfo, util } from "@tensorflow/tfjs-core";
import type { WebgpuTrainingBackend } from "../backend.ts";
import { defineShader, perInvocation } from "../shaders/shader.ts";

const shader = defineShader("resizeChannels", () => ({
  inputs: { source: "f32" },
  outputs: { result: "f32" },
  uniforms: { count: "u32", sourceChannels: "u32", channels: "u32" },
  invocations: 64,
  main: `
${perInvocation}
let channel = i % u.channels;
var value = 0.0;
if (channel < u.sourceChannels) { value = source[(i / u.channels) * u.sourceChannels + channel]; }
result[i] = value;`,
}));

/** The first channels of a tensor, and zeros behind them, in another one. */
export function resizeChannels(
  backend: WebgpuTrainingBackend,
  source: TensorInfo,
  result: TensorInfo,
): void {
  const count = util.sizeFromShape(result.shape);
  backend.run(shader({}), {
    inputs: [source],
    outputs: [result],
    uniforms: { count, sourceChannels: source.shape.at(-1)!, channels: result.shape.at(-1)! },
    groups: Math.ceil(count / 64),
  });
}

/** The same with so many channels. */
export function resized(
  backend: WebgpuTrainingBackend,
  source: TensorInfo,
  channels: number,
): TensorInfo {
  const result = backend.allocate([...source.shape.slice(0, -1), channels]);
  resizeChannels(backend, source, result);
  return result;
}
