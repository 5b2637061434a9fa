import type { concatChannelsOp, padOp, sliceOp, splitChannelsOp } from "@bn-only/frozen-layers";
import { type TensorInfo, util } from "@tensorflow/tfjs-core";
import type { WebgpuTrainingBackend } from "../backend.ts";
import { WebgpuError } from "../errors.ts";
import { defineShader, perInvocation } from "../shaders/shader.ts";
import type { WebgpuKernel } from "./kernel.ts";

const DIMENSIONS = ["0", "1", "2", "3"] as const;

const perDimension = <Type extends string>(names: readonly string[], type: Type) =>
  Object.fromEntries(names.flatMap((name) => DIMENSIONS.map((d) => [name + d, type] as const)));

/** WGSL: `i` as coordinates `c0` to `c3` of a block of the sizes `size0` to `size3`. */
const coordinates = `
${perInvocation}
let c3 = i32(i) % u.size3;
let c2 = (i32(i) / u.size3) % u.size2;
let c1 = (i32(i) / (u.size3 * u.size2)) % u.size1;
let c0 = i32(i) / (u.size3 * u.size2 * u.size1);`;

/** A block from one tensor into another, by the steps of both. */
const copyShader = defineShader("copyBlock", () => ({
  inputs: { source: "f32" },
  outputs: { copy: "f32" },
  uniforms: {
    count: "u32",
    fromOffset: "i32",
    toOffset: "i32",
    ...perDimension(["size", "from", "to"], "i32"),
  },
  invocations: 64,
  main: `${coordinates}
let begin = u.fromOffset + c0 * u.from0 + c1 * u.from1 + c2 * u.from2 + c3 * u.from3;
let end = u.toOffset + c0 * u.to0 + c1 * u.to1 + c2 * u.to2 + c3 * u.to3;
copy[end] = source[begin];`,
}));

/** A tensor with a margin: every number of the result finds its place in the input, or has none. */
const padShader = defineShader("pad", () => ({
  inputs: { source: "f32" },
  outputs: { result: "f32" },
  uniforms: { count: "u32", value: "f32", ...perDimension(["size", "before", "length"], "i32") },
  invocations: 64,
  main: `${coordinates}
let s0 = c0 - u.before0;
let s1 = c1 - u.before1;
let s2 = c2 - u.before2;
let s3 = c3 - u.before3;
let inside = s0 >= 0 && s0 < u.length0 && s1 >= 0 && s1 < u.length1 &&
  s2 >= 0 && s2 < u.length2 && s3 >= 0 && s3 < u.length3;
if (inside) {
result[i] = source[((s0 * u.length1 + s1) * u.length2 + s2) * u.length3 + s3];
} else {
result[i] = u.value;
}`,
}));

/** Where a block lies in a tensor. */
interface Place {
  readonly tensor: TensorInfo;
  readonly begin: readonly number[];
}

function copyBlock(
  backend: WebgpuTrainingBackend,
  size: readonly number[],
  from: Place,
  to: Place,
): void {
  const count = util.sizeFromShape([...size]);
  backend.run(copyShader({}), {
    inputs: [from.tensor],
    outputs: [to.tensor],
    uniforms: {
      count,
      fromOffset: offsetOf(from),
      toOffset: offsetOf(to),
      ...numbered("size", inFour(size, 1)),
      ...numbered("from", inFour(stepsOf(from.tensor.shape), 0)),
      ...numbered("to", inFour(stepsOf(to.tensor.shape), 0)),
    },
    groups: Math.ceil(count / 64),
  });
}

/** Lengths of four dimensions; those in front that a tensor does not have are `missing`. */
function inFour(lengths: readonly number[], missing: number): number[] {
  if (lengths.length > DIMENSIONS.length) {
    throw new WebgpuError(
      `copy: expected a tensor of up to four dimensions, got ${lengths.length}. Use tf.reshape first.`,
    );
  }
  return [...DIMENSIONS.slice(lengths.length).map(() => missing), ...lengths];
}

const numbered = (name: string, values: readonly number[]) =>
  Object.fromEntries(values.map((value, d) => [`${name}${d}`, value] as const));

function stepsOf(shape: readonly number[]): number[] {
  return shape.map((_, d) => util.sizeFromShape(shape.slice(d + 1)));
}

const offsetOf = ({ tensor, begin }: Place): number =>
  stepsOf(tensor.shape).reduce((sum, step, d) => sum + step * begin[d]!, 0);

function sliced(
  backend: WebgpuTrainingBackend,
  input: TensorInfo,
  begin: readonly number[],
  size: readonly number[],
): TensorInfo {
  const output = backend.allocate(size);
  copyBlock(backend, size, { tensor: input, begin }, { tensor: output, begin: size.map(() => 0) });
  return output;
}

export const slice: WebgpuKernel<typeof sliceOp> = ({ input }, { begin, size }, backend) => ({
  output: sliced(backend, input, begin, size),
});

export const pad: WebgpuKernel<typeof padOp> = ({ input }, { paddings, value }, backend) => {
  const shape = input.shape.map((length, d) => length + paddings[d]![0] + paddings[d]![1]);
  const output = backend.allocate(shape);
  const count = util.sizeFromShape(shape);
  const before = paddings.map(([width]) => width);
  backend.run(padShader({}), {
    inputs: [input],
    outputs: [output],
    uniforms: {
      count,
      value,
      ...numbered("size", inFour(shape, 1)),
      ...numbered("before", inFour(before, 0)),
      ...numbered("length", inFour(input.shape, 1)),
    },
    groups: Math.ceil(count / 64),
  });
  return { output };
};

/** A tensor as rows of its last dimension. */
function asRows({ dataId, dtype, shape }: TensorInfo): TensorInfo {
  return { dataId, dtype, shape: [util.sizeFromShape(shape.slice(0, -1)), shape.at(-1)!] };
}

export const concatChannels: WebgpuKernel<typeof concatChannelsOp> = (inputs, _none, backend) => {
  const channels = inputs.reduce((sum, { shape }) => sum + shape.at(-1)!, 0);
  const output = backend.allocate([...inputs[0]!.shape.slice(0, -1), channels]);
  let begin = 0;
  for (const input of inputs.map(asRows)) {
    const from = { tensor: input, begin: [0, 0] };
    copyBlock(backend, input.shape, from, { tensor: asRows(output), begin: [0, begin] });
    begin += input.shape[1]!;
  }
  return { output };
};

export const splitChannels: WebgpuKernel<typeof splitChannelsOp> = (
  { input },
  { sizes },
  backend,
) => {
  const whole = asRows(input);
  let begin = 0;
  return sizes.map((size) => {
    const piece = backend.allocate([...input.shape.slice(0, -1), size]);
    const rows = asRows(piece);
    copyBlock(
      backend,
      rows.shape,
      { tensor: whole, begin: [0, begin] },
      { tensor: rows, begin: [0, 0] },
    );
    begin += size;
    return piece;
  });
};
