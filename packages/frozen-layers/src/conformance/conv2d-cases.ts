import { runOp } from "../kernels/run-op.ts";
import {
  type Conv2DGeometry,
  conv2dFilterGradientOp,
  conv2dInputGradientOp,
  conv2dOp,
  conv2dOutputShape,
  prepareFilterOp,
  prepareRotatedFilterOp,
} from "../ops/conv2d.ts";
import { type ConformanceCase, conformanceCase, withTensors } from "./case.ts";
import { conv2d64, conv2dFilterGradient64, conv2dInputGradient64 } from "./float64/conv2d.ts";

export type Conv2DRow = [
  input: [number, number, number, number],
  outputs: number,
  geometry: Partial<Conv2DGeometry> & { kernel: number | [number, number] },
];

const rows: Conv2DRow[] = [
  [[2, 8, 8, 4], 8, { kernel: 3, padding: 1 }],
  [[3, 7, 5, 3], 5, { kernel: 3, padding: 1 }],
  [[1, 32, 32, 3], 16, { kernel: 3, padding: 1 }],
  [[2, 6, 9, 17], 33, { kernel: 3, padding: 1 }],
  [[2, 8, 8, 4], 8, { kernel: 3, padding: 1, stride: 2 }],
  [[3, 7, 9, 5], 6, { kernel: 3, padding: 1, stride: 2 }],
  [[2, 5, 8, 16], 32, { kernel: 3, padding: 1, stride: 2 }],
  [[2, 6, 6, 5], 7, { kernel: 3 }],
  [[2, 9, 9, 3], 4, { kernel: 3, padding: 2 }],
  [[1, 6, 6, 4], 8, { kernel: 3, padding: 3 }],
  [[2, 5, 6, 8], 12, { kernel: 1 }],
  [[2, 8, 8, 16], 32, { kernel: 1, stride: 2 }],
  [[3, 7, 5, 3], 2, { kernel: 1, stride: 2 }],
  [[2, 4, 4, 3], 5, { kernel: 1, padding: 1 }],
  [[1, 14, 14, 3], 8, { kernel: 7, padding: 3, stride: 2 }],
  [[2, 11, 13, 3], 4, { kernel: 7, padding: 3, stride: 2 }],
  [[1, 9, 8, 2], 3, { kernel: 7, padding: 3 }],
  [[2, 10, 7, 4], 6, { kernel: 3, padding: 1, stride: 3 }],
  [[2, 6, 7, 3], 4, { kernel: [1, 5], padding: 0 }],
  [[1, 1, 1, 3], 4, { kernel: 3, padding: 1 }],
  [[2, 6, 6, 8], 12, { kernel: 3, padding: 1, groups: 4 }],
  [[2, 7, 6, 6], 6, { kernel: 3, padding: 1, stride: 2, groups: 2 }],
  [[2, 6, 5, 7], 7, { kernel: 3, padding: 1, groups: 7 }],
  [[1, 8, 8, 6], 12, { kernel: 3, padding: 1, stride: 2, groups: 6 }],
  [[3, 14, 14, 40], 40, { kernel: 5, padding: 2, groups: 40 }],
  [[2, 9, 11, 33], 33, { kernel: 7, padding: 3, stride: 2, groups: 33 }],
  [[2, 7, 3, 5], 15, { kernel: 5, padding: 2, groups: 5 }],
  [[2, 11, 8, 36], 72, { kernel: 3, padding: 1, stride: 2, groups: 36 }],
  [[1, 6, 13, 2], 80, { kernel: 3, groups: 2 }],
  [[2, 10, 9, 7], 7, { kernel: 3, padding: 1, stride: 3, groups: 7 }],
  [[1, 9, 9, 4], 4, { kernel: 1, stride: 2, groups: 4 }],
  [[2, 8, 7, 6], 6, { kernel: [2, 6], padding: 3, groups: 6 }],
  [[1, 1, 1, 3], 3, { kernel: 9, padding: 4, groups: 3 }],
  [[1, 90, 40, 32], 32, { kernel: 3, padding: 1, groups: 32 }],
  [[1, 1, 1, 4], 4, { kernel: 3, padding: 1, groups: 4 }],
  [[3, 1, 5, 8], 8, { kernel: 3, padding: 1, groups: 8 }],
  [[2, 5, 1, 20], 20, { kernel: 3, padding: 1, groups: 20 }],
  [[25, 7, 6, 12], 12, { kernel: 3, padding: 1, groups: 12 }],
  [[2, 6, 7, 8], 8, { kernel: 3, padding: 2, groups: 8 }],
  [[2, 6, 7, 8], 8, { kernel: 3, groups: 8 }],
  // Numbers of fours of channels that are no multiple of four or eight: tiles with an odd last stage.
  [[1, 5, 6, 104], 8, { kernel: 3, padding: 1 }],
  [[2, 4, 5, 12], 208, { kernel: 1 }],
  [[1, 4, 3, 440], 20, { kernel: 3, padding: 1, stride: 2 }],
  // Small images, of which a backend may take several at a time, and hundreds of channels, of which it may take a part.
  [[9, 5, 5, 300], 40, { kernel: 1 }],
  [[35, 4, 3, 36], 20, { kernel: 3, padding: 1, stride: 2 }],
  [[17, 3, 3, 136], 12, { kernel: 1, stride: 2 }],
  [[9, 6, 5, 24], 40, { kernel: 3, padding: 1, stride: 2, groups: 4 }],
  [[5, 4, 5, 130], 136, { kernel: 3, padding: 1 }],
];

/** Convolution, its input gradient and its filter gradient. */
export function conv2dCases(chosen: readonly Conv2DRow[] = rows): ConformanceCase[] {
  return chosen.flatMap(([inputShape, outputs, options]) => {
    const { kernel, stride = 1, padding = 0, groups = 1 } = options;
    const [kernelHeight, kernelWidth] = typeof kernel === "number" ? [kernel, kernel] : kernel;
    const geometry: Conv2DGeometry = {
      filterShape: [kernelHeight, kernelWidth, inputShape[3] / groups, outputs],
      stride,
      padding,
      groups,
    };
    const outputShape = [inputShape[0], ...conv2dOutputShape(inputShape.slice(1), geometry, "")];
    const grouped = groups === 1 ? "" : ` in ${groups} groups`;
    const name =
      `${inputShape.join("x")} to ${outputs} channels, ${kernelHeight}x${kernelWidth} ` +
      `stride ${stride} padding ${padding}${grouped}`;

    return [
      ...[conv2dOp, prepareFilterOp].map((op) =>
        conformanceCase({
          op,
          name,
          tolerance: 3e-6,
          compare(draw) {
            const [x, w] = [draw("input", inputShape), draw("filter", geometry.filterShape)];
            return {
              expected: [conv2d64(x, w, geometry, outputShape)],
              actual: () =>
                withTensors([x, w], (input, filter) => {
                  const { prepared } = runOp(prepareFilterOp, { filter: filter! }, geometry);
                  const { output } = runOp(conv2dOp, { input: input!, prepared }, geometry);
                  prepared.dispose();
                  return [output];
                }),
            };
          },
        }),
      ),
      ...[conv2dInputGradientOp, prepareRotatedFilterOp].map((op) =>
        conformanceCase({
          op,
          name,
          tolerance: 3e-6,
          compare(draw) {
            const [g, w] = [draw("gradient", outputShape), draw("filter", geometry.filterShape)];
            return {
              expected: [conv2dInputGradient64(g, w, geometry, inputShape)],
              actual: () =>
                withTensors([g, w], (gradient, filter) => {
                  const { prepared } = runOp(prepareRotatedFilterOp, { filter: filter! }, geometry);
                  const { inputGradient } = runOp(
                    conv2dInputGradientOp,
                    { outputGradient: gradient!, prepared },
                    { ...geometry, inputShape },
                  );
                  prepared.dispose();
                  return [inputGradient];
                }),
            };
          },
        }),
      ),
      conformanceCase({
        op: conv2dFilterGradientOp,
        name,
        tolerance: 3e-6,
        compare(draw) {
          const [x, g] = [draw("input", inputShape), draw("gradient", outputShape)];
          return {
            expected: [conv2dFilterGradient64(x, g, geometry)],
            actual: () =>
              withTensors([x, g], (input, gradient) => [
                runOp(
                  conv2dFilterGradientOp,
                  { input: input!, outputGradient: gradient! },
                  geometry,
                ).filterGradient,
              ]),
          };
        },
      }),
    ];
  });
}
