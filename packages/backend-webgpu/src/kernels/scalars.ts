import type { gatherScalarsOp, scatterScalarsOp } from "@bn-only/frozen-layers";
import { util } from "@tensorflow/tfjs-core";
import { defineShader } from "../shaders/shader.ts";
import type { WebgpuKernel } from "./kernel.ts";

const gather = defineShader("gatherScalars", () => ({
  inputs: { values: "f32", indices: "i32" },
  outputs: { output: "f32" },
  uniforms: { count: "u32" },
  invocations: 64,
  main: `
let i = group * 64u + lane;
if (i >= u.count) { return; }
output[i] = values[indices[i]];`,
}));

const copy = defineShader("copyScalars", () => ({
  inputs: { values: "f32" },
  outputs: { output: "f32" },
  uniforms: { count: "u32" },
  invocations: 64,
  main: `
let i = group * 64u + lane;
if (i >= u.count) { return; }
output[i] = values[i];`,
}));

const scatter = defineShader("scatterScalars", () => ({
  inputs: { updates: "f32", indices: "i32" },
  outputs: { output: "f32" },
  uniforms: { count: "u32" },
  invocations: 64,
  main: `
let i = group * 64u + lane;
if (i >= u.count) { return; }
output[indices[i]] = updates[i];`,
}));

export const gatherScalars: WebgpuKernel<typeof gatherScalarsOp> = (
  { values, indices },
  _none,
  backend,
) => {
  const count = util.sizeFromShape(indices.shape);
  const output = backend.allocate(indices.shape);
  const command = { outputs: [output], uniforms: { count }, groups: Math.ceil(count / 64) };
  backend.run(gather({}), { inputs: [values, indices], ...command });
  return { output };
};

/** The values, then the updates over them. */
export const scatterScalars: WebgpuKernel<typeof scatterScalarsOp> = (
  { values, indices, updates },
  _none,
  backend,
) => {
  const output = backend.allocate(values.shape);
  const outputs = [output];
  const size = util.sizeFromShape(values.shape);
  const groups = Math.ceil(size / 64);
  backend.run(copy({}), { inputs: [values], outputs, uniforms: { count: size }, groups });
  const count = util.sizeFromShape(indices.shape);
  backend.run(scatter({}), {
    inputs: [updates, indices],
    outputs,
    uniforms: { count },
    groups: Math.ceil(count / 64),
  });
  return { output };
};
