import { runOp } from "../kernels/run-op.ts";
import { batchNormGradientOp, batchNormOp } from "../ops/batch-norm.ts";
import type { Shape } from "../shape.ts";
import { batchNormShapes, drawAffine, epsilon, rounded } from "./batch-norm-cases.ts";
import { type ConformanceCase, conformanceCase, withTensors } from "./case.ts";
import type { Array64 } from "./float64/array.ts";
import { batchNorm64, batchNormGradient64, statistics64 } from "./float64/batch-norm.ts";

/** Training BatchNorm as a layer runs it: it moves running statistics, and its gradient follows. */
export function batchNormTrainingCases(
  chosen: readonly Shape[] = batchNormShapes,
): ConformanceCase[] {
  return chosen.flatMap((shape) => [runningCase(shape), roundTripCase(shape)]);
}

/** Running statistics after one batch. */
function runningCase(shape: Shape): ConformanceCase {
  return conformanceCase({
    op: batchNormOp,
    name: `${shape.join("x")}, running statistics`,
    compare(draw) {
      const x = draw("input", shape, 0.5);
      const [g, b] = drawAffine(draw, shape);
      const { mean: m, variance: v } = rounded(statistics64(draw("earlier", shape, 0.4)));
      const batch = statistics64(x);
      const count = x.values.length / m.values.length;
      const next = (old: Array64, value: Array64, scale: number): Array64 => ({
        shape: old.shape,
        values: old.values.map((number, i) => 0.7 * number + 0.3 * scale * value.values[i]!),
      });
      return {
        expected: [next(m, batch.mean, 1), next(v, batch.variance, count / (count - 1))],
        actual: () =>
          withTensors([x, g, b, m, v], (input, gamma, beta, mean, variance) => {
            const inputs = { input: input!, gamma: gamma!, beta: beta! };
            const { runningMean, runningVariance, ...rest } = runOp(
              batchNormOp,
              { ...inputs, runningMean: mean!, runningVariance: variance! },
              { epsilon, relu: true, momentum: 0.3 },
            );
            Object.values(rest).forEach((tensor) => tensor?.dispose());
            return [runningMean!, runningVariance!];
          }),
      };
    },
  });
}

/** Forward, and the gradient from all that the forward gave, as a layer runs them. */
function roundTripCase(shape: Shape): ConformanceCase {
  return conformanceCase({
    op: batchNormGradientOp,
    name: `${shape.join("x")}, ReLU, after its forward`,
    tolerance: 3e-6,
    compare(draw) {
      const x = draw("input", shape, 0.5);
      const dy = draw("gradient", shape);
      const [g, b] = drawAffine(draw, shape);
      const statistics = statistics64(x);
      const y = batchNorm64(x, g, b, statistics, { epsilon, relu: true });
      const gradients = batchNormGradient64(dy, x, g, statistics, {
        epsilon,
        batchStatistics: true,
        passes: (i) => y.values[i]! > 0,
      });
      return {
        expected: [gradients.gamma, gradients.beta, gradients.input],
        actual: () =>
          withTensors([dy, x, g, b], (gradient, input, gamma, beta) => {
            const inputs = { input: input!, gamma: gamma!, beta: beta! };
            const options = { epsilon, relu: true };
            const forward = runOp(batchNormOp, inputs, { ...options, momentum: 0 });
            const { mean, variance, kept } = forward;
            const result = runOp(
              batchNormGradientOp,
              { outputGradient: gradient!, ...inputs, mean, variance, kept },
              { ...options, batchStatistics: true, inputGradient: true },
            );
            Object.values(forward).forEach((tensor) => tensor?.dispose());
            return [result.gammaGradient, result.betaGradient, result.inputGradient!];
          }),
      };
    },
  });
}
