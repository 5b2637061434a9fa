import { backend_util, type TensorInfo } from "@tensorflow/tfjs-core";
import type { WebgpuTrainingBackend } from "../backend.ts";
import { putInFront } from "./in-front.ts";

// tfjs's kernels that join and cut the vector of all that trains. Its shaders take a dispatch for every few pieces;
// vectors lie in one piece, so that copies of buffers do. Whatever is no vector goes to tfjs's kernels.

interface Splits {
  readonly numOrSizeSplits?: number | number[];
}

type Vectors = (
  inputs: readonly TensorInfo[],
  attributes: Splits,
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

export function registerVectorKernels(backendName: string): void {
  for (const [kernelName, { rank, run }] of Object.entries(kernels)) {
    putInFront<Splits>(kernelName, backendName, (inputs, attributes, backend) => {
      const fits = inputs.every(({ shape, dtype }) => {
        return shape.length === rank && dtype === inputs[0]!.dtype && isNumber(dtype);
      });
      return fits ? run(inputs, attributes, backend) : undefined;
    });
  }
}

const isNumber = (dtype: string): boolean => dtype === "float32" || dtype === "int32";

const numbersOf = ({ dtype }: TensorInfo) => dtype as "float32" | "int32";
