import { clone } from "@tensorflow/tfjs-core";
import { runOp } from "../kernels/run-op.ts";
import { addBiasOp, biasGradientOp } from "../ops/bias.ts";
import { concatChannelsOp, splitChannelsOp } from "../ops/channels.ts";
import { multiplyChannelsGradientOp, multiplyChannelsOp } from "../ops/multiply-channels.ts";
import type { Shape } from "../shape.ts";
import { type ConformanceCase, conformanceCase, withTensors } from "./case.ts";
import { type Array64, zeros64 } from "./float64/array.ts";

const shapes: Shape[] = [
  [2, 5, 7, 16],
  [3, 4, 4, 33],
  [5, 1, 1, 3],
  [16, 14, 14, 24],
];

/** Joining and cutting along the channels, bias and the gate of squeeze-and-excitation. */
export function channelCases(chosen: readonly Shape[] = shapes): ConformanceCase[] {
  return [
    ...chosen.flatMap((shape) => [
      ...biasCases(shape),
      ...gateCases(shape as [number, number, number, number]),
    ]),
    ...[[8, 8], [3, 1, 12], [5], [17, 2, 33, 64]].flatMap((sizes) => copyCases(sizes)),
  ];
}

function copyCases(sizes: readonly number[]): ConformanceCase[] {
  const outer = [3, 5, 4];
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const name = `${outer.join("x")}, ${sizes.join(" + ")} channels`;
  const piece = (whole: Array64, i: number): Array64 => {
    const begin = sizes.slice(0, i).reduce((sum, size) => sum + size, 0);
    const values = whole.values.filter((_, at) => {
      const channel = at % total;
      return channel >= begin && channel < begin + sizes[i]!;
    });
    return { shape: [...outer, sizes[i]!], values };
  };
  return [
    conformanceCase({
      op: concatChannelsOp,
      name,
      tolerance: Number.MIN_VALUE,
      compare(draw) {
        const whole = draw("whole", [...outer, total]);
        return {
          expected: [whole],
          actual: () =>
            withTensors(
              sizes.map((_, i) => piece(whole, i)),
              (...pieces) => [runOp(concatChannelsOp, pieces, {}).output],
            ),
        };
      },
    }),
    conformanceCase({
      op: splitChannelsOp,
      name,
      tolerance: Number.MIN_VALUE,
      compare(draw) {
        const whole = draw("whole", [...outer, total]);
        return {
          expected: sizes.map((_, i) => piece(whole, i)),
          actual: () =>
            withTensors([whole], (input) => [
              ...runOp(splitChannelsOp, { input: input! }, { sizes }),
            ]),
        };
      },
    }),
  ];
}

function biasCases(shape: Shape): ConformanceCase[] {
  const channels = shape.at(-1)!;
  const name = shape.join("x");
  return [
    conformanceCase({
      op: addBiasOp,
      name: `${name}, a clone of the input stays`,
      compare(draw) {
        const [x, bias] = [draw("input", shape), draw("bias", [channels])];
        const values = x.values.map((value, i) => value + bias.values[i % channels]!);
        return {
          expected: [{ shape, values }, x],
          actual: () =>
            withTensors([x, bias], (input, b) => {
              const kept = clone(input!);
              return [runOp(addBiasOp, { input: input!, bias: b! }, {}).output, kept];
            }),
        };
      },
    }),
    conformanceCase({
      op: biasGradientOp,
      name,
      compare(draw) {
        const gradient = draw("gradient", shape, 0.2);
        const sums = zeros64([channels]);
        gradient.values.forEach((value, i) => (sums.values[i % channels]! += value));
        return {
          expected: [sums],
          actual: () =>
            withTensors([gradient], (outputGradient) => [
              runOp(biasGradientOp, { outputGradient: outputGradient! }, {}).biasGradient,
            ]),
        };
      },
    }),
  ];
}

function gateCases(shape: readonly [number, number, number, number]): ConformanceCase[] {
  const [batch, height, width, channels] = shape;
  const gateShape = [batch, channels];
  const gateOf = (i: number): number =>
    Math.floor(i / (height * width * channels)) * channels + (i % channels);
  return [
    conformanceCase({
      op: multiplyChannelsOp,
      name: shape.join("x"),
      compare(draw) {
        const [x, g] = [draw("input", shape), draw("gate", gateShape)];
        const values = x.values.map((value, i) => value * g.values[gateOf(i)]!);
        return {
          expected: [{ shape, values }],
          actual: () =>
            withTensors([x, g], (input, gate) => [
              runOp(multiplyChannelsOp, { input: input!, gate: gate! }, {}).output,
            ]),
        };
      },
    }),
    conformanceCase({
      op: multiplyChannelsGradientOp,
      name: shape.join("x"),
      compare(draw) {
        const [x, g] = [draw("input", shape), draw("gate", gateShape)];
        const dy = draw("gradient", shape);
        const gateGradient = zeros64(gateShape);
        dy.values.forEach((value, i) => (gateGradient.values[gateOf(i)]! += value * x.values[i]!));
        const values = dy.values.map((value, i) => value * g.values[gateOf(i)]!);
        return {
          expected: [{ shape, values }, gateGradient],
          actual: () =>
            withTensors([x, g, dy], (input, gate, outputGradient) => {
              const inputs = { input: input!, gate: gate!, outputGradient: outputGradient! };
              const gradients = runOp(multiplyChannelsGradientOp, inputs, {});
              return [gradients.inputGradient, gradients.gateGradient];
            }),
        };
      },
    }),
  ];
}
