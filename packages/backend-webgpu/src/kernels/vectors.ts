import {
  backend_util,
  getKernel,
  type KernelFunc,
  registerKernel,
  type TensorInfo,
  unregisterKernel,
} from "@tensorflow/tfjs-core";
import type { WebgpuTrainingBackend } from "../backend.ts";

// tfjs's kernels that join and cut the vector of all that trains. Its shaders take a dispatch for every few pieces;
// vectors lie in one piece, so that copies of buffers do. Whatever is no vector goes to tfjs's kernels.

type Vectors = (
  inputs: readonly TensorInfo[],
  attributes: { readonly numOrSizeSplits?: number | number[] },
  backend: WebgpuTrainingBackend,
) => TensorInfo | TensorInfo[];

/** Vectors, or scalars, one behind the other. */
const join: Vectors = (pieces, _attributes, backend) => {
  const counts = pieces.map(({ shape }) => shape[0] ?? 1);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const output = backend.allocate([total], numbersOf(pieces[0]!));
  let at = 0;
  pieces.forEach((piece, i) => {
    backend.copy(piece, 0, output, at, counts[i]!);
    at += counts[i]!;
  });
  return output;
};

const cut: Vectors = ([vector], { numOrSizeSplits }, backend) => {
  let at = 0;
  const sizes = backend_util.prepareSplitSize({ shape: vector!.shape } as never, numOrSizeSplits!);
  return sizes.map((size) => {
    const piece = backend.allocate([size], numbersOf(vector!));
    backend.copy(vector!, at, piece, 0, size);
    at += size;
    return piece;
  });
};

const kernels: Readonly<Record<string, { readonly rank: number; readonly run: Vectors }>> = {
  Concat: { rank: 1, run: join },
  Pack: { rank: 0, run: join },
  SplitV: { rank: 1, run: cut },
};

/** Puts them in front of tfjs's kernels, which are registered. */
export function registerVectorKernels(backendName: string): void {
  for (const [kernelName, { rank, run }] of Object.entries(kernels)) {
    const { kernelFunc: others } = getKernel(kernelName, backendName);
    const kernelFunc: KernelFunc = (call) => {
      const inputs = Object.values(call.inputs) as TensorInfo[];
      const [first] = inputs;
      const fits = inputs.every(({ shape, dtype }) => {
        return shape.length === rank && dtype === first!.dtype && isNumber(dtype);
      });
      if (!fits) return others(call);
      const backend = call.backend as WebgpuTrainingBackend;
      return backend.owning(() => run(inputs, call.attrs as never, backend));
    };
    unregisterKernel(kernelName, backendName);
    registerKernel({ kernelName, backendName, kernelFunc });
  }
}

const isNumber = (dtype: string): boolean => dtype === "float32" || dtype === "int32";

const numbersOf = ({ dtype }: TensorInfo) => dtype as "float32" | "int32";
