import { type TensorInfo, util } from "@tensorflow/tfjs-core";
import type { WasmTrainingBackend } from "../backend.ts";
import { sumRows } from "../kernels/channels.ts";
import { combineRows, combineTensors, cut, type Operation } from "../kernels/elementwise.ts";
import { runJob } from "../kernels/kernel.ts";
import { job } from "../kernels/plan.ts";
import { deferSum } from "../kernels/sum.ts";
import { specialise } from "./specialise.ts";

const sizeOf = ({ shape }: TensorInfo): number => util.sizeFromShape(shape);

type Binary = { readonly a: TensorInfo; readonly b: TensorInfo };

/** Sums, products and the like of float32 tensors, where b has a's shape or repeats along it. */
export function registerArithmetic(backendName: string): void {
  specialise<Binary>("Add", backendName, (backend, { a, b }) =>
    util.arraysEqual(a.shape, b.shape)
      ? deferSum(backend, a, b)
      : (combine(backend, "add", a, b) ?? combine(backend, "add", b, a)),
  );
  const others = { Sub: "subtract", Multiply: "multiply", RealDiv: "divide", Maximum: "maximum" };
  for (const [kernelName, operation] of Object.entries(others) as [string, Operation][]) {
    specialise<Binary>(
      kernelName,
      backendName,
      (backend, { a, b }) =>
        combine(backend, operation, a, b) ??
        (commutes(operation) ? combine(backend, operation, b, a) : undefined),
    );
  }
  specialise<TensorInfo[]>("AddN", backendName, addAll);
  specialise<{ x: TensorInfo }, { alpha: number }>("Step", backendName, (backend, { x }, attrs) => {
    const output = backend.allocate(x.shape);
    const size = sizeOf(x);
    const { chunks, chunkSize } = cut(size);
    const pointers = { input: backend.pointer(x), output: output.pointer };
    runJob(backend, job("step", chunks, { ...pointers, size, chunkSize, alpha: attrs.alpha ?? 0 }));
    return output.info;
  });
  specialise<{ x: TensorInfo }, SumAttributes>("Sum", backendName, sumLeading);
}

const commutes = (operation: Operation): boolean =>
  operation === "multiply" || operation === "maximum";

/** a ∘ b, or nothing where b does not fit into a. */
function combine(
  backend: WasmTrainingBackend,
  operation: Operation,
  a: TensorInfo,
  b: TensorInfo,
): TensorInfo | undefined {
  const [size, width] = [sizeOf(a), sizeOf(b)];
  if (size === 0 || !repeats(b.shape, a.shape)) return undefined;
  const [p, q] = [backend.pointer(a), backend.pointer(b)];
  const output = backend.allocate(a.shape);
  const pointers = { a: p, b: q, y: output.pointer };
  const rows = size / width;
  const whole = width === 1 || width === size;
  runJob(
    backend,
    whole
      ? combineTensors(operation, pointers, size, width === 1)
      : combineRows(operation, pointers, { rows, width, rowsPerB: rows }),
  );
  return output.info;
}

/** Whether a tensor of shape `inner`, but for leading ones, is the end of one of shape `outer`. */
function repeats(inner: readonly number[], outer: readonly number[]): boolean {
  if (inner.length > outer.length) return false;
  const first = inner.findIndex((size) => size !== 1);
  const end = first < 0 ? [] : inner.slice(first);
  return util.arraysEqual(end, outer.slice(outer.length - end.length));
}

function addAll(
  backend: WasmTrainingBackend,
  tensors: readonly TensorInfo[],
): TensorInfo | undefined {
  const [first, second, ...others] = tensors;
  const size = sizeOf(first!);
  const equal = tensors.every(({ shape }) => util.arraysEqual(shape, first!.shape));
  if (!second || !equal || size === 0) return undefined;
  const pointers = tensors.map((tensor) => backend.pointer(tensor));
  const { info, pointer } = backend.allocate(first!.shape);
  const add = (a: number, b: number): void =>
    runJob(backend, combineTensors("add", { a, b, y: pointer }, size, false));
  add(pointers[0]!, pointers[1]!);
  others.forEach((_, i) => add(pointer, pointers[i + 2]!));
  return info;
}

interface SumAttributes {
  readonly axis: number | number[];
  readonly keepDims: boolean;
}

/** Sums over the first axes, where what remains fills a vector. */
function sumLeading(
  backend: WasmTrainingBackend,
  { x }: { x: TensorInfo },
  { axis, keepDims }: SumAttributes,
): TensorInfo | undefined {
  const axes = util.parseAxisParam(axis, x.shape).sort((a, b) => a - b);
  const rest = x.shape.slice(axes.length);
  const width = util.sizeFromShape(rest);
  if (axes.some((dimension, i) => dimension !== i) || width < 4 || sizeOf(x) === 0) {
    return undefined;
  }
  return sumRows(backend, x, width, keepDims ? [...axes.map(() => 1), ...rest] : rest);
}
