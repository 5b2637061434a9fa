import { quadsOf } from "./convolution-walk.ts";
import { defineShader, perInvocation, type Shader } from "./shader.ts";

export type PackConstants = {
  /** Channels of the filter `[taps, inputs, outputs]`. */
  readonly inputs: number;
  readonly outputs: number;
  /** Whether input and output channels change places, for the input gradient. */
  readonly exchanged: boolean;
};

/** A filter as `[taps, inner / 4, 4, outer / 4]` of vec4; what is missing from a four is zero. */
export const packFilter: (constants: PackConstants) => Shader = defineShader(
  "packFilter",
  ({ inputs, outputs, exchanged }: PackConstants) => {
    const [inner, outer] = exchanged ? [outputs, inputs] : [inputs, outputs];
    const [rows, quads] = [quadsOf(inner) * 4, quadsOf(outer)];
    const four = [0, 1, 2, 3].map((j) => `at(tap, row, quad * 4u + ${j}u)`).join(", ");
    return {
      inputs: { weights: "f32" },
      outputs: { packed: "vec4f" },
      uniforms: { count: "u32" },
      invocations: 64,
      declarations: `
fn at(tap: u32, inner: u32, outer: u32) -> f32 {
  if (inner >= ${inner}u || outer >= ${outer}u) { return 0.0; }
  return weights[(tap * ${inputs}u + ${exchanged ? "outer" : "inner"}) * ${outputs}u + ${exchanged ? "inner" : "outer"}];
}`,
      main: `
${perInvocation}
let quad = i % ${quads}u;
let row = (i / ${quads}u) % ${rows}u;
let tap = i / ${quads * rows}u;
packed[i] = vec4f(${four});`,
    };
  },
);
