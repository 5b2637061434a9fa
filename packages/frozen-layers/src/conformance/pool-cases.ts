import { runOp } from "../kernels/run-op.ts";
import {
  averagePoolGradientOp,
  averagePoolOp,
  globalAveragePoolGradientOp,
  globalAveragePoolOp,
  maxPoolGradientOp,
  maxPoolOp,
  type PoolGeometry,
  poolOutputShape,
} from "../ops/pool.ts";
import type { Shape } from "../shape.ts";
import { type ConformanceCase, conformanceCase, withTensors } from "./case.ts";
import {
  averagePool64,
  averagePoolGradient64,
  maxPool64,
  maxPoolGradient64,
} from "./float64/pool.ts";

export type PoolRow = [input: [number, number, number, number], geometry: PoolGeometry];

const rows: PoolRow[] = [
  [[2, 8, 8, 3], { size: 2, stride: 2, padding: 0 }],
  [[2, 7, 9, 5], { size: 3, stride: 2, padding: 1 }],
  [[1, 14, 14, 8], { size: 3, stride: 2, padding: 1 }],
  [[3, 6, 5, 2], { size: 3, stride: 1, padding: 1 }],
  [[2, 7, 7, 4], { size: 2, stride: 3, padding: 0 }],
];

/** Pooling and its gradients; inputs around −3 catch kernels that forget windows without a positive value. */
export function poolCases(chosen: readonly PoolRow[] = rows): ConformanceCase[] {
  return chosen.flatMap(([inputShape, geometry]) => {
    const outputShape = [inputShape[0], ...poolOutputShape(inputShape.slice(1), geometry, "")];
    const name = `${inputShape.join("x")}, size ${geometry.size} stride ${geometry.stride} padding ${geometry.padding}`;
    return [
      conformanceCase({
        op: maxPoolOp,
        name,
        compare(draw) {
          const x = draw("input", inputShape, -3);
          return {
            expected: [maxPool64(x, geometry, outputShape)],
            actual: () =>
              withTensors([x], (input) => [runOp(maxPoolOp, { input: input! }, geometry).output]),
          };
        },
      }),
      conformanceCase({
        op: maxPoolGradientOp,
        name,
        compare(draw) {
          const x = draw("input", inputShape, -3);
          const dy = draw("gradient", outputShape);
          const y = maxPool64(x, geometry, outputShape);
          return {
            expected: [maxPoolGradient64(dy, x, geometry)],
            actual: () =>
              withTensors([dy, x, y], (gradient, input, output) => [
                runOp(
                  maxPoolGradientOp,
                  { outputGradient: gradient!, input: input!, output: output! },
                  geometry,
                ).inputGradient,
              ]),
          };
        },
      }),
      conformanceCase({
        op: averagePoolOp,
        name,
        compare(draw) {
          const x = draw("input", inputShape);
          return {
            expected: [averagePool64(x, geometry, outputShape)],
            actual: () =>
              withTensors([x], (input) => [
                runOp(averagePoolOp, { input: input! }, geometry).output,
              ]),
          };
        },
      }),
      conformanceCase({
        op: averagePoolGradientOp,
        name,
        compare(draw) {
          const dy = draw("gradient", outputShape);
          return {
            expected: [averagePoolGradient64(dy, inputShape, geometry)],
            actual: () =>
              withTensors([dy], (gradient) => [
                runOp(
                  averagePoolGradientOp,
                  { outputGradient: gradient! },
                  { ...geometry, inputShape },
                ).inputGradient,
              ]),
          };
        },
      }),
    ];
  });
}

const imageShapes = [
  [2, 8, 8, 64],
  [3, 7, 5, 9],
];

export function globalPoolCases(chosen: readonly Shape[] = imageShapes): ConformanceCase[] {
  return chosen.flatMap((shape) => {
    const [batch, height, width, channels] = shape as [number, number, number, number];
    const pixels = height * width;
    return [
      conformanceCase({
        op: globalAveragePoolOp,
        name: shape.join("x"),
        compare(draw) {
          const x = draw("input", shape, 0.3);
          const values = new Float64Array(batch * channels);
          x.values.forEach((value, i) => {
            values[Math.floor(i / (pixels * channels)) * channels + (i % channels)]! +=
              value / pixels;
          });
          return {
            expected: [{ shape: [batch, channels], values }],
            actual: () =>
              withTensors([x], (input) => [
                runOp(globalAveragePoolOp, { input: input! }, {}).output,
              ]),
          };
        },
      }),
      conformanceCase({
        op: globalAveragePoolGradientOp,
        name: shape.join("x"),
        compare(draw) {
          const dy = draw("gradient", [batch, channels]);
          const values = Float64Array.from({ length: batch * pixels * channels }, (_, i) => {
            const image = Math.floor(i / (pixels * channels));
            return dy.values[image * channels + (i % channels)]! / pixels;
          });
          return {
            expected: [{ shape, values }],
            actual: () =>
              withTensors([dy], (gradient) => [
                runOp(
                  globalAveragePoolGradientOp,
                  { outputGradient: gradient! },
                  { inputShape: shape },
                ).inputGradient,
              ]),
          };
        },
      }),
    ];
  });
}
