import type { Tensor1D } from "@tensorflow/tfjs-core";
import { runOp } from "../kernels/run-op.ts";
import { type AdamAttributes, adamOp } from "../ops/adam.ts";
import { type SgdAttributes, sgdOp } from "../ops/sgd.ts";
import { type ConformanceCase, conformanceCase, type Draw, withTensors } from "./case.ts";
import type { Array64 } from "./float64/array.ts";

const SIZE = 1001;

/** One step of each optimiser over a flat vector. */
export function optimizerCases(): ConformanceCase[] {
  const adam = { learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.1 };
  return [
    ...[false, true].map((nesterov) => sgdCase({ ...sgdAttributes, nesterov })),
    ...[false, true].flatMap((decoupled) =>
      [1, 7].map((step) => adamCase({ ...adam, decoupled, step })),
    ),
  ];
}

const sgdAttributes = { learningRate: 0.1, momentum: 0.9, weightDecay: 0.01 };

function vectors(draw: Draw, names: readonly string[]): Array64[] {
  return names.map((name) => draw(name, [SIZE]));
}

const vector = (value: (i: number) => number): Array64 => ({
  shape: [SIZE],
  values: Float64Array.from({ length: SIZE }, (_, i) => value(i)),
});

function sgdCase(attributes: SgdAttributes): ConformanceCase {
  const { learningRate, momentum, weightDecay, nesterov } = attributes;
  return conformanceCase({
    op: sgdOp,
    name: `${SIZE} parameters${nesterov ? ", Nesterov" : ""}`,
    compare(draw) {
      const [p, v, g] = vectors(draw, ["parameters", "velocity", "gradient"]).map(
        ({ values }) => values,
      ) as [Float64Array, Float64Array, Float64Array];
      const decayed = (i: number): number => g[i]! + weightDecay * p[i]!;
      const velocity = (i: number): number => momentum * v[i]! + decayed(i);
      const direction = (i: number): number =>
        nesterov ? decayed(i) + momentum * velocity(i) : velocity(i);
      return {
        expected: [vector((i) => p[i]! - learningRate * direction(i)), vector(velocity)],
        actual: () =>
          withTensors(
            [p, v, g].map((values) => ({ shape: [SIZE], values })),
            (...tensors) => {
              const [parameters, old, gradient] = tensors as [Tensor1D, Tensor1D, Tensor1D];
              const next = runOp(sgdOp, { parameters, velocity: old, gradient }, attributes);
              return [next.parameters, next.velocity];
            },
          ),
      };
    },
  });
}

function adamCase(attributes: AdamAttributes): ConformanceCase {
  const { learningRate, beta1, beta2, epsilon, weightDecay, decoupled, step } = attributes;
  return conformanceCase({
    op: adamOp,
    name: `${SIZE} parameters, step ${step}${decoupled ? ", decoupled decay" : ""}`,
    compare(draw) {
      const [parameters, m, signed, gradient] = vectors(draw, [
        "parameters",
        "firstMoment",
        "secondMoment",
        "gradient",
      ]) as [Array64, Array64, Array64, Array64];
      const second = { shape: [SIZE], values: signed.values.map((v) => Math.fround(v * v)) };
      const decay = (i: number): number => weightDecay * parameters.values[i]!;
      const g = (i: number): number => gradient.values[i]! + (decoupled ? 0 : decay(i));
      const first = (i: number): number => beta1 * m.values[i]! + (1 - beta1) * g(i);
      const squares = (i: number): number => beta2 * second.values[i]! + (1 - beta2) * g(i) ** 2;
      const next = (i: number): number => {
        const spread = Math.sqrt(squares(i)) / Math.sqrt(1 - beta2 ** step) + epsilon;
        const from = parameters.values[i]! - (decoupled ? learningRate * decay(i) : 0);
        return from - (learningRate / (1 - beta1 ** step)) * (first(i) / spread);
      };
      return {
        expected: [vector(next), vector(first), vector(squares)],
        actual: () =>
          withTensors([parameters, m, second, gradient], (...tensors) => {
            const [p, firstMoment, secondMoment, dp] = tensors as [
              Tensor1D,
              Tensor1D,
              Tensor1D,
              Tensor1D,
            ];
            const state = { parameters: p, firstMoment, secondMoment };
            const result = runOp(adamOp, { ...state, gradient: dp }, attributes);
            return [result.parameters, result.firstMoment, result.secondMoment];
          }),
      };
    },
  });
}
