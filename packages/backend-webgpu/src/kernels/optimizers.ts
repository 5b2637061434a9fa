import type { adamOp, sgdOp } from "@bn-only/frozen-layers";
import { adamScalars } from "@bn-only/frozen-layers/reference";
import { util } from "@tensorflow/tfjs-core";
import { defineElementwise } from "../shaders/elementwise.ts";
import type { WebgpuKernel } from "./kernel.ts";

const sgdShader = defineElementwise<{ nesterov: boolean }>("sgd", ({ nesterov }) => ({
  inputs: ["parameters", "velocity", "gradient"],
  outputs: ["nextParameters", "nextVelocity"],
  uniforms: ["learningRate", "momentum", "weightDecay"],
  code: `
let p = parameters[i];
let d = gradient[i] + u.weightDecay * p;
let v = u.momentum * velocity[i] + d;
nextVelocity[i] = v;
nextParameters[i] = p - u.learningRate * ${nesterov ? "(d + u.momentum * v)" : "v"};`,
}));

export const sgd: WebgpuKernel<typeof sgdOp> = (
  { parameters, velocity, gradient },
  { learningRate, momentum, weightDecay, nesterov },
  backend,
) => {
  const size = util.sizeFromShape(parameters.shape);
  const { shader, count, groups } = sgdShader({ nesterov, size });
  const next = [backend.allocate(parameters.shape), backend.allocate(parameters.shape)] as const;
  backend.run(shader, {
    inputs: [parameters, velocity, gradient],
    outputs: next,
    uniforms: { count, learningRate, momentum, weightDecay },
    groups,
  });
  return { parameters: next[0], velocity: next[1] };
};

const adamShader = defineElementwise("adam", () => ({
  inputs: ["parameters", "firstMoment", "secondMoment", "gradient"],
  outputs: ["nextParameters", "nextFirst", "nextSecond"],
  uniforms: [
    "beta1",
    "rest1",
    "beta2",
    "rest2",
    "epsilon",
    "rate",
    "correction",
    "shrink",
    "decay",
  ],
  code: `
let p = parameters[i];
let g = gradient[i] + u.decay * p;
let m = u.beta1 * firstMoment[i] + u.rest1 * g;
let v = u.beta2 * secondMoment[i] + u.rest2 * g * g;
nextFirst[i] = m;
nextSecond[i] = v;
nextParameters[i] = u.shrink * p - u.rate * m / (u.correction * sqrt(v) + u.epsilon);`,
}));

export const adam: WebgpuKernel<typeof adamOp> = (
  { parameters, firstMoment, secondMoment, gradient },
  attributes,
  backend,
) => {
  const { beta1, beta2, epsilon } = attributes;
  const size = util.sizeFromShape(parameters.shape);
  const { shader, count, groups } = adamShader({ size });
  const next = [0, 1, 2].map(() => backend.allocate(parameters.shape));
  backend.run(shader, {
    inputs: [parameters, firstMoment, secondMoment, gradient],
    outputs: next,
    uniforms: {
      count,
      beta1,
      rest1: 1 - beta1,
      beta2,
      rest2: 1 - beta2,
      epsilon,
      ...adamScalars(attributes),
    },
    groups,
  });
  return { parameters: next[0]!, firstMoment: next[1]!, secondMoment: next[2]! };
};
