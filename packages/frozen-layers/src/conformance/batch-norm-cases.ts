import type { Tensor } from "@tensorflow/tfjs-core";
import { runOp } from "../kernels/run-op.ts";
import { batchNormGradientOp, batchNormInferenceOp, batchNormOp } from "../ops/batch-norm.ts";
import type { Shape } from "../shape.ts";
import { type ConformanceCase, conformanceCase, type Draw, withTensors } from "./case.ts";
import type { Array64 } from "./float64/array.ts";
import { batchNorm64, batchNormGradient64, statistics64 } from "./float64/batch-norm.ts";

export const batchNormShapes: Shape[] = [
  [2, 4, 4, 3],
  [7, 5, 3, 16],
  [1, 9, 9, 33],
  [5, 1, 1, 8],
  [128, 8, 8, 4],
  [3, 3, 2, 440],
];
export const epsilon = 1e-5;

/** Training and inference BatchNorm and the gradient, with and without ReLU and residual. */
export function batchNormCases(chosen: readonly Shape[] = batchNormShapes): ConformanceCase[] {
  const variants = chosen.flatMap((shape) =>
    [false, true].flatMap((relu) => [false, true].map((joined) => ({ shape, relu, joined }))),
  );
  return variants.flatMap(({ shape, relu, joined }) => [
    forwardCase(shape, relu, joined),
    inferenceCase(shape, relu, joined),
    gradientCase(shape, relu, joined, true),
    gradientCase(shape, relu, joined, false),
  ]);
}

const describe = (shape: Shape, relu: boolean, joined: boolean): string =>
  `${shape.join("x")}${joined ? " + residual" : ""}${relu ? ", ReLU" : ""}`;

export function drawAffine(draw: Draw, shape: Shape): [Array64, Array64] {
  return [draw("gamma", shape.slice(-1)), draw("beta", shape.slice(-1))];
}

function forwardCase(shape: Shape, relu: boolean, joined: boolean): ConformanceCase {
  return conformanceCase({
    op: batchNormOp,
    name: describe(shape, relu, joined),
    compare(draw) {
      const x = draw("input", shape, 0.5);
      const [g, b] = drawAffine(draw, shape);
      const r = draw("residual", shape);
      const statistics = statistics64(x);
      const y = batchNorm64(x, g, b, statistics, { epsilon, relu }, joined ? r : undefined);
      return {
        expected: [y, statistics.mean, statistics.variance],
        actual: () =>
          withTensors([x, g, b, r], (input, gamma, beta, residual) => {
            const inputs = { input: input!, gamma: gamma!, beta: beta! };
            const result = runOp(
              batchNormOp,
              { ...inputs, residual: joined ? residual : undefined },
              { epsilon, relu, momentum: 0 },
            );
            result.kept?.dispose();
            return [result.output, result.mean, result.variance];
          }),
      };
    },
  });
}

function inferenceCase(shape: Shape, relu: boolean, joined: boolean): ConformanceCase {
  return conformanceCase({
    op: batchNormInferenceOp,
    name: describe(shape, relu, joined),
    compare(draw) {
      const x = draw("input", shape, 0.5);
      const [g, b] = drawAffine(draw, shape);
      const r = draw("residual", shape);
      const statistics = statistics64(draw("earlier", shape, 0.4));
      const { mean: m, variance: v } = rounded(statistics);
      const y = batchNorm64(
        x,
        g,
        b,
        { mean: m, variance: v },
        { epsilon, relu },
        joined ? r : undefined,
      );
      return {
        expected: [y],
        actual: () =>
          withTensors([x, g, b, m, v, r], (input, gamma, beta, mean, variance, residual) => [
            runOp(
              batchNormInferenceOp,
              {
                input: input!,
                gamma: gamma!,
                beta: beta!,
                mean: mean!,
                variance: variance!,
                residual: joined ? residual : undefined,
              },
              { epsilon, relu },
            ).output,
          ]),
      };
    },
  });
}

function gradientCase(
  shape: Shape,
  relu: boolean,
  joined: boolean,
  batchStatistics: boolean,
): ConformanceCase {
  return conformanceCase({
    op: batchNormGradientOp,
    name: `${describe(shape, relu, joined)}, ${batchStatistics ? "batch" : "running"} statistics`,
    tolerance: 3e-6,
    compare(draw) {
      const x = draw("input", shape, 0.5);
      const dy = draw("gradient", shape);
      const [g, b] = drawAffine(draw, shape);
      const r = draw("residual", shape);
      const { mean: m, variance: v } = rounded(statistics64(x));
      const statistics = { mean: m, variance: v };
      const output = batchNorm64(x, g, b, statistics, { epsilon, relu }, joined ? r : undefined);
      const y: Array64 = { shape, values: output.values.map((value) => Math.fround(value)) };
      const gradients = batchNormGradient64(dy, x, g, statistics, {
        epsilon,
        batchStatistics,
        passes: (i) => !relu || y.values[i]! > 0,
      });
      const { gamma, beta, input, residual } = gradients;
      return {
        expected: joined ? [gamma, beta, input, residual] : [gamma, beta, input],
        actual: () =>
          withTensors([dy, x, g, b, m, v, y], (...tensors) => {
            const [dyT, xT, gT, bT, mT, vT, yT] = tensors as [
              Tensor,
              Tensor,
              Tensor,
              Tensor,
              Tensor,
              Tensor,
              Tensor,
            ];
            const saved = { input: xT, gamma: gT, beta: bT, mean: mT, variance: vT };
            const options = { epsilon, relu, batchStatistics, inputGradient: true };
            const forward = joined ? yT : undefined;
            const inputs = { outputGradient: dyT, ...saved, output: forward };
            const result = runOp(batchNormGradientOp, inputs, options);
            return [
              result.gammaGradient,
              result.betaGradient,
              result.inputGradient!,
              ...(result.residualGradient ? [result.residualGradient] : []),
            ];
          }),
      };
    },
  });
}

/** A million elements per channel, centred and far from zero. */
export function statisticsCases(): ConformanceCase[] {
  const shape = [1000, 32, 32, 2];
  return [0.1, 30].map((offset) =>
    conformanceCase({
      op: batchNormOp,
      name: `statistics of ${shape.join("x")} around ${offset}`,
      compare(draw) {
        const x = draw("input", shape, offset);
        const [g, b] = drawAffine(draw, shape);
        const { mean: expectedMean, variance: expectedVariance } = statistics64(x);
        return {
          expected: [expectedMean, expectedVariance],
          actual: () =>
            withTensors([x, g, b], (input, gamma, beta) => {
              const { output, mean, variance, kept } = runOp(
                batchNormOp,
                { input: input!, gamma: gamma!, beta: beta! },
                { epsilon, relu: false, momentum: 0 },
              );
              output.dispose();
              kept?.dispose();
              return [mean, variance];
            }),
        };
      },
    }),
  );
}

/** Rounded to float32, as a tensor holds them. */
export function rounded({ mean, variance }: { mean: Array64; variance: Array64 }): {
  mean: Array64;
  variance: Array64;
} {
  const round = ({ shape, values }: Array64): Array64 => ({
    shape,
    values: values.map((value) => Math.fround(value)),
  });
  return { mean: round(mean), variance: round(variance) };
}
