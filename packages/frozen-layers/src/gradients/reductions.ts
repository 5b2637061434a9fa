import {
  cast,
  equal,
  exp,
  mul,
  type NamedAttrMap,
  onesLike,
  reshape,
  sub,
  sum,
  type Tensor,
  util,
} from "@tensorflow/tfjs-core";
import type { Rule } from "./gradient.ts";

/** A gradient of the result, under a shape that repeats along the axes that were reduced. */
function alongAxes(result: Tensor, { shape }: Tensor, axes: readonly number[]): Tensor {
  const repeated = shape.map((length, axis) => (axes.includes(axis) ? 1 : length));
  return reshape(result, repeated);
}

function axesOf(attributes: NamedAttrMap, name: string, { shape }: Tensor): number[] {
  return util.parseAxisParam(attributes[name] as number | number[], shape);
}

/** The largest or smallest: all that are as large get the whole gradient. */
function extreme(kernelName: string, axesName: string): Rule {
  return {
    kernelName,
    inputsToSave: ["x"],
    savesOutput: true,
    gradient: (dy, [x, y], attributes) => ({
      x: () => {
        const axes = axesOf(attributes, axesName, x!);
        const chosen = equal(x!, alongAxes(y!, x!, axes));
        return mul(alongAxes(dy, x!, axes), cast(chosen, "float32"));
      },
    }),
  };
}

export const reductions: readonly Rule[] = [
  {
    kernelName: "Sum",
    inputsToSave: ["x"],
    gradient: (dy, [x], attributes) => ({
      x: () => mul(alongAxes(dy, x!, axesOf(attributes, "axis", x!)), onesLike(x!)),
    }),
  },
  {
    kernelName: "Mean",
    inputsToSave: ["x"],
    gradient: (dy, [x], attributes) => ({
      x: () => {
        const axes = axesOf(attributes, "axis", x!);
        const each = mul(alongAxes(dy, x!, axes), dy.size / x!.size);
        return mul(each, onesLike(x!));
      },
    }),
  },
  extreme("Max", "reductionIndices"),
  extreme("Min", "axis"),
  {
    kernelName: "Softmax",
    savesOutput: true,
    gradient: (dy, [y], { dim }) => ({
      logits: () => {
        const weighted = mul(dy, y!);
        return sub(weighted, mul(sum(weighted, [dim as number], true), y!));
      },
    }),
  },
  {
    kernelName: "LogSoftmax",
    savesOutput: true,
    gradient: (dy, [y], { axis }) => ({
      logits: () => sub(dy, mul(sum(dy, axis as number, true), exp(y!))),
    }),
  },
];
