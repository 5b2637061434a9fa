import type {
  activationGradientOp,
  ActivationKind,
  activationOp,
  sumOp,
} from "@bn-only/frozen-layers";
import { util } from "@tensorflow/tfjs-core";
import { defineElementwise } from "../shaders/elementwise.ts";
import type { WebgpuKernel } from "./kernel.ts";

const values: Readonly<Record<ActivationKind, string>> = {
  // NaN, which min and max may lose, stays NaN.
  relu: "select(x, T(0), x < T(0))",
  relu6: "select(select(x, T(0), x < T(0)), T(6), x > T(6))",
  sigmoid: "T(1) / (T(1) + exp(-x))",
};

/** By the output `y`. */
const gradients: Readonly<Record<ActivationKind, string>> = {
  relu: "select(T(0), g, y > T(0))",
  relu6: "select(T(0), g, (y > T(0)) & (y < T(6)))",
  sigmoid: "g * y * (T(1) - y)",
};

const activationShader = defineElementwise<{ kind: ActivationKind }>("activation", ({ kind }) => ({
  inputs: ["input"],
  outputs: ["output"],
  uniforms: [],
  code: `let x = input[i];\noutput[i] = ${values[kind]};`,
}));

const activationGradientShader = defineElementwise<{ kind: ActivationKind }>(
  "activationGradient",
  ({ kind }) => ({
    inputs: ["outputGradient", "forward"],
    outputs: ["inputGradient"],
    uniforms: [],
    code: `let g = outputGradient[i];\nlet y = forward[i];\ninputGradient[i] = ${gradients[kind]};`,
  }),
);

const sumShader = defineElementwise("sum", () => ({
  inputs: ["a", "b"],
  outputs: ["output"],
  uniforms: [],
  code: "output[i] = a[i] + b[i];",
}));

export const activation: WebgpuKernel<typeof activationOp> = ({ input }, { kind }, backend) => {
  const { shader, count, groups } = activationShader({ kind, size: input.size });
  const output = backend.allocate(input.shape);
  backend.run(shader, { inputs: [input], outputs: [output], uniforms: { count }, groups });
  return { output };
};

export const activationGradient: WebgpuKernel<typeof activationGradientOp> = (
  { outputGradient, output },
  { kind },
  backend,
) => {
  const size = util.sizeFromShape(output.shape);
  const { shader, count, groups } = activationGradientShader({ kind, size });
  const inputGradient = backend.allocate(output.shape);
  const inputs = [outputGradient, output];
  backend.run(shader, { inputs, outputs: [inputGradient], uniforms: { count }, groups });
  return { inputGradient };
};

export const sum: WebgpuKernel<typeof sumOp> = ({ a, b }, _none, backend) => {
  const { shader, count, groups } = sumShader({ size: util.sizeFromShape(a.shape) });
  const output = backend.allocate(a.shape);
  backend.run(shader, { inputs: [a, b], outputs: [output], uniforms: { count }, groups });
  return { output };
};
