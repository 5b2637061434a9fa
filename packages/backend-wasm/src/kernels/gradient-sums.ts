import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { WasmTrainingBackend } from "../backend.ts";
import { rowsOf } from "./batch-norm.ts";
import { type Collected, DeferredConvolution } from "./deferred-convolution.ts";
import { EPILOGUE } from "./plan.ts";
import { DeferredSum } from "./sum.ts";

/**
 * Where the gradient learns what ReLU let pass: recomputed from the input, also to be written over the
 * gradient, or the output, with a tensor for the result. Numbered as in assembly/batch-norm-gradient.ts.
 */
const MASK = { none: 0, recomputed: 1, written: 2, output: 3 } as const;

/** A column of a slot: two sums in float64, and two of a block of rows in float32. */
const SLOT_BYTES = 24;

export type Mask = keyof typeof MASK;

/** Whether the gradient is a convolution still to run that nobody else will look at. */
export function isOurs(backend: WasmTrainingBackend, gradient: TensorInfo): boolean {
  return waiting(backend, gradient) !== undefined && unshared(backend, gradient);
}

interface Inputs {
  readonly outputGradient: TensorInfo;
  readonly input: TensorInfo;
  readonly output?: TensorInfo | undefined;
}

/**
 * The first pass of BatchNorm's gradient: sums of each chunk, in slots that become the caller's. With
 * the mask from the output, `masked` gets the gradient where ReLU let it pass. A convolution that is
 * still to compute the gradient does all this on its way.
 */
export function gradientSums(
  backend: WasmTrainingBackend,
  { outputGradient, input, output }: Inputs,
  mask: Mask,
  masked: { readonly pointer: number } | undefined,
  coefficients: number,
): Collected {
  const { channels, width, rows, rest, chunkRows, chunks } = rowsOf(input);
  const x = backend.pointer(input);
  const y = masked ? backend.pointer(output!) : 0;
  const { convolution, compute, addend } = masked
    ? summandsOf(backend, outputGradient, masked.pointer, rest)
    : wholeOf(backend, outputGradient);
  const slotBytes = SLOT_BYTES * width;
  let dy: number | undefined;
  if (convolution && width === channels) {
    const epilogue = {
      epilogueKind: EPILOGUE.gradient + MASK[mask],
      epilogueInput: x,
      epilogueMask: y,
      epilogueAddend: addend,
      epilogueCoefficients: coefficients,
    };
    const collected = convolution.collect(slotBytes, epilogue, () => (dy = compute()));
    if (collected) return collected;
  }
  dy ??= compute();
  const slots = backend.heap.allocate(chunks * slotBytes);
  const args = {
    outputGradient: dy,
    input: x,
    output: y,
    masked: masked?.pointer ?? (mask === "written" ? dy : 0),
    coefficients,
    slots,
    width,
    rows,
    chunkRows,
    rest,
    mask: MASK[mask],
    addend,
  };
  try {
    backend.run("batchNormGradientSums", chunks, args, 4 * 4 * width);
  } catch (error) {
    backend.heap.free(slots);
    throw error;
  }
  return { slots, slotCount: chunks };
}

/** How a gradient arrives: what is still to run, and a summand that comes on top. */
interface Arrival {
  readonly convolution: DeferredConvolution | undefined;
  /** Gives the address of the gradient without the summand. */
  readonly compute: () => number;
  readonly addend: number;
}

function wholeOf(backend: WasmTrainingBackend, gradient: TensorInfo): Arrival {
  const compute = (): number => backend.pointer(gradient);
  return { convolution: waiting(backend, gradient), compute, addend: 0 };
}

/** A convolution whose output nobody else will look at writes to `masked`, where it is masked in place. */
function summandsOf(
  backend: WasmTrainingBackend,
  gradient: TensorInfo,
  masked: number,
  rest: number,
): Arrival {
  const sum = backend.deferred(gradient);
  const summands = sum instanceof DeferredSum && rest === 0 ? sum.summands : [gradient];
  const [first, second] = summands as [TensorInfo, TensorInfo?];
  const addend = second ? backend.pointer(second) : 0;
  const convolution = waiting(backend, first);
  if (!convolution || ![gradient, first].every((tensor) => unshared(backend, tensor))) {
    return { convolution: undefined, compute: () => backend.pointer(first), addend };
  }
  const compute = (): number => {
    convolution.compute(masked);
    return masked;
  };
  return { convolution, compute, addend };
}

function waiting(
  backend: WasmTrainingBackend,
  tensor: TensorInfo,
): DeferredConvolution | undefined {
  const deferred = backend.deferred(tensor);
  return deferred instanceof DeferredConvolution ? deferred : undefined;
}

function unshared(backend: WasmTrainingBackend, { dataId }: TensorInfo): boolean {
  return backend.refCount(dataId) === 1;
}
