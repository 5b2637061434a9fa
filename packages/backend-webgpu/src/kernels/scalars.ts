import type { gatherScalarsOp, scatterScalarsOp } from "@bn-only/frozen-layers";
import { defineElementwise, ELEMENTS } from "../shaders/elementwise.ts";
import { defineShader, perInvocation } from "../shaders/shader.ts";
import type { WebgpuKernel } from "./kernel.ts";

/** One invocation an index. */
const byIndex = (name: string, numbers: string, statement: string) =>
  defineShader(name, () => ({
    inputs: { [numbers]: "f32", indices: "i32" },
    outputs: { output: "f32" },
    uniforms: { count: "u32" },
    invocations: ELEMENTS,
    main: `
${perInvocation}
${statement}`,
  }));

const gather = byIndex("gatherScalars", "values", "output[i] = values[indices[i]];");
const scatter = byIndex("scatterScalars", "updates", "output[indices[i]] = updates[i];");

const copy = defineElementwise("copyScalars", () => ({
  inputs: ["values"],
  outputs: ["output"],
  uniforms: [],
  code: "output[i] = values[i];",
}));

export const gatherScalars: WebgpuKernel<typeof gatherScalarsOp> = (
  { values, indices },
  _none,
  backend,
) => {
  const count = indices.size;
  const output = backend.allocate(indices.shape);
  const command = { outputs: [output], uniforms: { count }, groups: Math.ceil(count / ELEMENTS) };
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
  const copying = copy({ size: values.size });
  const { count: size, groups } = copying;
  backend.run(copying.shader, { inputs: [values], outputs, uniforms: { count: size }, groups });
  const count = indices.size;
  backend.run(scatter({}), {
    inputs: [updates, indices],
    outputs,
    uniforms: { count },
    groups: Math.ceil(count / ELEMENTS),
  });
  return { output };
};
