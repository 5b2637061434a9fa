import { clone } from "@tensorflow/tfjs-core";
import { runOp } from "../kernels/run-op.ts";
import { activationGradientOp, type ActivationKind, activationOp } from "../ops/activation.ts";
import { scalarIndices } from "../ops/scalar-indices.ts";
import { gatherScalarsOp, scatterScalarsOp } from "../ops/scalars.ts";
import { padOp, sliceOp } from "../ops/slice.ts";
import type { Shape } from "../shape.ts";
import { type ConformanceCase, conformanceCase, withTensors } from "./case.ts";
import { type Array64, zeros64 } from "./float64/array.ts";

const functions: Readonly<Record<ActivationKind, (x: number) => number>> = {
  relu: (x) => Math.max(x, 0),
  relu6: (x) => Math.min(Math.max(x, 0), 6),
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
};

/** By the output. */
const slopes: Readonly<Record<ActivationKind, (y: number) => number>> = {
  relu: (y) => (y > 0 ? 1 : 0),
  relu6: (y) => (y > 0 && y < 6 ? 1 : 0),
  sigmoid: (y) => y * (1 - y),
};

/** Activations, blocks and margins, single numbers by index. */
export function elementwiseCases(): ConformanceCase[] {
  const kinds = Object.keys(functions) as ActivationKind[];
  return [
    ...kinds.flatMap((kind) =>
      [
        [3, 5, 7, 4],
        [2, 9, 9, 33],
        [7, 3],
      ].flatMap((shape) => activationCases(kind, shape)),
    ),
    ...blockCases([2, 9, 8, 16], [0, 1, 2, 4], [2, 5, 3, 8]),
    ...blockCases([3, 7, 5, 6], [1, 0, 0, 5], [2, 7, 5, 1]),
    ...blockCases([4, 6, 5], [1, 2, 0], [2, 3, 5]),
    ...blockCases([11, 13], [4, 3], [5, 9]),
    ...blockCases([101], [7], [50]),
    ...scalarCases(),
  ];
}

function activationCases(kind: ActivationKind, shape: Shape): ConformanceCase[] {
  const name = `${kind}, ${shape.join("x")}`;
  const scaled = (x: Array64): Array64 => ({
    shape,
    values: x.values.map((v) => Math.fround(4 * v)),
  });
  return [
    conformanceCase({
      op: activationOp,
      name: `${name}, a clone of the input stays`,
      compare(draw) {
        const x = scaled(draw("input", shape));
        return {
          expected: [{ shape, values: x.values.map(functions[kind]) }, x],
          actual: () =>
            withTensors([x], (input) => {
              const kept = clone(input!);
              return [runOp(activationOp, { input: input! }, { kind }).output, kept];
            }),
        };
      },
    }),
    conformanceCase({
      op: activationGradientOp,
      name,
      compare(draw) {
        const dy = draw("gradient", shape);
        const y = scaled(draw("input", shape)).values.map((v) => Math.fround(functions[kind](v)));
        return {
          expected: [{ shape, values: dy.values.map((value, i) => value * slopes[kind](y[i]!)) }],
          actual: () =>
            withTensors([dy, { shape, values: y }], (outputGradient, output) => {
              const inputs = { outputGradient: outputGradient!, output: output! };
              return [runOp(activationGradientOp, inputs, { kind }).inputGradient];
            }),
        };
      },
    }),
  ];
}

/** A block of a tensor, and the same block with the margin that it had. */
function blockCases(shape: Shape, begin: Shape, size: Shape): ConformanceCase[] {
  const name = `[${size.join(",")}] at [${begin.join(",")}] of [${shape.join(",")}]`;
  const inBlock = (at: number): boolean => {
    let rest = at;
    return shape
      .toReversed()
      .map((length, i) => {
        const index = rest % length;
        rest = Math.floor(rest / length);
        const dimension = shape.length - 1 - i;
        const offset = index - begin[dimension]!;
        return offset >= 0 && offset < size[dimension]!;
      })
      .every(Boolean);
  };
  return [
    conformanceCase({
      op: sliceOp,
      name,
      tolerance: Number.MIN_VALUE,
      compare(draw) {
        const x = draw("input", shape);
        return {
          expected: [{ shape: size, values: x.values.filter((_, at) => inBlock(at)) }],
          actual: () =>
            withTensors([x], (input) => [
              runOp(sliceOp, { input: input! }, { begin, size }).output,
            ]),
        };
      },
    }),
    conformanceCase({
      op: padOp,
      name,
      tolerance: Number.MIN_VALUE,
      compare(draw) {
        const x = draw("input", size);
        const padded = zeros64(shape);
        let next = 0;
        for (let at = 0; at < padded.values.length; at++) {
          padded.values[at] = inBlock(at) ? x.values[next++]! : -2;
        }
        const paddings = shape.map(
          (length, i) => [begin[i]!, length - begin[i]! - size[i]!] as const,
        );
        return {
          expected: [padded],
          actual: () =>
            withTensors([x], (input) => [
              runOp(padOp, { input: input! }, { paddings, value: -2 }).output,
            ]),
        };
      },
    }),
  ];
}

function scalarCases(): ConformanceCase[] {
  const indices = Int32Array.from({ length: 23 }, (_, i) => (i * 37 + 3) % 101);
  const name = "23 of 101";
  return [
    conformanceCase({
      op: gatherScalarsOp,
      name,
      tolerance: Number.MIN_VALUE,
      compare(draw) {
        const x = draw("values", [101]);
        return {
          expected: [{ shape: [23], values: Float64Array.from(indices, (at) => x.values[at]!) }],
          actual: () =>
            withTensors([x], (values) => {
              const at = scalarIndices(indices, 101);
              const { output } = runOp(gatherScalarsOp, { values: values!, indices: at }, {});
              at.dispose();
              return [output];
            }),
        };
      },
    }),
    conformanceCase({
      op: scatterScalarsOp,
      name,
      tolerance: Number.MIN_VALUE,
      compare(draw) {
        const [x, u] = [draw("values", [101]), draw("updates", [23])];
        const expected = { shape: [101], values: x.values.slice() };
        indices.forEach((at, i) => (expected.values[at] = u.values[i]!));
        return {
          expected: [expected],
          actual: () =>
            withTensors([x, u], (values, updates) => {
              const at = scalarIndices(indices, 101);
              const inputs = { values: values!, indices: at, updates: updates! };
              const { output } = runOp(scatterScalarsOp, inputs, {});
              at.dispose();
              return [output];
            }),
        };
      },
    }),
  ];
}
