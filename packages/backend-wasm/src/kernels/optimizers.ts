import type { adamOp, sgdOp } from "@bn-only/frozen-layers";
import { adamScalars } from "@bn-only/frozen-layers/reference";
import { util } from "@tensorflow/tfjs-core";
import { cut } from "./elementwise.ts";
import type { WasmKernel } from "./kernel.ts";

// Host side of the optimisers in assembly/elementwise.ts and scalars.ts.

export const sgd: WasmKernel<typeof sgdOp> = (
  { parameters, velocity, gradient },
  { learningRate, momentum, weightDecay, nesterov },
  backend,
) => {
  const size = util.sizeFromShape(parameters.shape);
  const { chunks, chunkSize } = cut(size);
  const next = [backend.allocate(parameters.shape), backend.allocate(velocity.shape)];
  backend.run("sgd", chunks, {
    parameters: backend.pointer(parameters),
    velocity: backend.pointer(velocity),
    gradient: backend.pointer(gradient),
    nextParameters: next[0]!.pointer,
    nextVelocity: next[1]!.pointer,
    size,
    chunkSize,
    learningRate,
    momentum,
    weightDecay,
    nesterov: nesterov ? 1 : 0,
  });
  return { parameters: next[0]!.info, velocity: next[1]!.info };
};

export const adam: WasmKernel<typeof adamOp> = (
  { parameters, firstMoment, secondMoment, gradient },
  attributes,
  backend,
) => {
  const { beta1, beta2, epsilon } = attributes;
  const size = util.sizeFromShape(parameters.shape);
  const pointers = {
    parameters: backend.pointer(parameters),
    firstMoment: backend.pointer(firstMoment),
    secondMoment: backend.pointer(secondMoment),
    gradient: backend.pointer(gradient),
  };
  const next = [0, 1, 2].map(() => backend.allocate(parameters.shape));
  const { chunks, chunkSize } = cut(size);
  backend.run("adam", chunks, {
    ...pointers,
    nextParameters: next[0]!.pointer,
    nextFirstMoment: next[1]!.pointer,
    nextSecondMoment: next[2]!.pointer,
    size,
    chunkSize,
    beta1,
    beta2,
    epsilon,
    ...adamScalars(attributes),
  });
  return {
    parameters: next[0]!.info,
    firstMoment: next[1]!.info,
    secondMoment: next[2]!.info,
  };
};
