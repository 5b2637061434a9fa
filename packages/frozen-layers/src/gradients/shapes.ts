import {
  concat,
  matMul,
  pad,
  reshape,
  reverse,
  slice,
  split,
  stack,
  sum,
  type Tensor,
  transpose,
  unstack,
  util,
} from "@tensorflow/tfjs-core";
import type { Rule } from "./gradient.ts";

/** Of kernels that give the same numbers under another shape. */
function reshaping(kernelName: string, input: string): Rule {
  return {
    kernelName,
    inputsToSave: [input],
    gradient: (dy, [x]) => ({ [input]: () => reshape(dy, x!.shape) }),
  };
}

/** Sums the repetitions of each axis. */
function untiled(dy: Tensor, { shape }: Tensor, reps: readonly number[]): Tensor {
  let summed = dy;
  for (const [axis, times] of reps.entries()) {
    if (times === 1) continue;
    const [length, repeated] = [shape[axis]!, summed.shape];
    const before = util.sizeFromShape(repeated.slice(0, axis));
    const after = util.sizeFromShape(repeated.slice(axis + 1));
    const once = sum(reshape(summed, [before, times, length, after]), 1);
    summed = reshape(once, [...repeated.slice(0, axis), length, ...repeated.slice(axis + 1)]);
  }
  return summed;
}

export const shapes: readonly Rule[] = [
  reshaping("Reshape", "x"),
  reshaping("ExpandDims", "input"),
  {
    kernelName: "Transpose",
    gradient: (dy, _, { perm }) => ({
      x: () => {
        const back: number[] = [];
        for (const [to, from] of (perm as number[]).entries()) back[from] = to;
        return transpose(dy, back);
      },
    }),
  },
  {
    kernelName: "Concat",
    saveAllInputs: true,
    gradient: (dy, inputs, { axis }) => {
      const along = (axis as number) < 0 ? dy.rank + (axis as number) : (axis as number);
      const sizes = inputs.map(({ shape }) => shape[along]!);
      return split(dy, sizes, along).map((part) => () => part);
    },
  },
  {
    kernelName: "Pack",
    saveAllInputs: true,
    gradient: (dy, _, { axis }) => unstack(dy, axis as number).map((part) => () => part),
  },
  {
    kernelName: "Unpack",
    gradient: (parts, _, { axis }) => ({
      value: () => stack(parts as unknown as Tensor[], axis as number),
    }),
  },
  {
    kernelName: "Tile",
    inputsToSave: ["x"],
    gradient: (dy, [x], { reps }) => ({ x: () => untiled(dy, x!, reps as number[]) }),
  },
  {
    kernelName: "SplitV",
    gradient: (parts, _, { axis }) => ({
      x: () => concat(parts as unknown as Tensor[], axis as number),
    }),
  },
  {
    kernelName: "Slice",
    inputsToSave: ["x"],
    gradient: (dy, [x], { begin }) => ({
      x: () => {
        const first = begin as number[];
        const around = x!.shape.map((length, axis): [number, number] => {
          const before = first[axis] ?? 0;
          return [before, length - before - dy.shape[axis]!];
        });
        return pad(dy, around);
      },
    }),
  },
  {
    kernelName: "PadV2",
    inputsToSave: ["x"],
    gradient: (dy, [x], { paddings }) => ({
      x: () =>
        slice(
          dy,
          (paddings as number[][]).map(([before]) => before!),
          x!.shape,
        ),
    }),
  },
  {
    kernelName: "Reverse",
    gradient: (dy, _, { dims }) => ({ x: () => reverse(dy, dims as number[]) }),
  },
  {
    kernelName: "BatchMatMul",
    inputsToSave: ["a", "b"],
    gradient: (dy, [a, b], { transposeA, transposeB }) => ({
      a: () =>
        transposeA
          ? matMul(b!, dy, transposeB as boolean, true)
          : matMul(dy, b!, false, !transposeB),
      b: () =>
        transposeB
          ? matMul(dy, a!, true, transposeA as boolean)
          : matMul(a!, dy, !transposeA, false),
    }),
  },
];
