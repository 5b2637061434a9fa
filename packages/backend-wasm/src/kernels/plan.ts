import type { Exactly, KernelArguments, KernelName } from "./arguments.ts";

/** A job for the threads: `chunks` calls of an exported kernel. */
export interface Job {
  readonly kernel: KernelName;
  /** They depend on the data only, so that any number of threads gives the same bits. */
  readonly chunks: number;
  readonly args: Arguments;
  /** Memory of each thread's own, in bytes. Default 0. */
  readonly scratchBytes?: number;
}

/** By the names in the kernel's line of `kernelArguments`. */
type Arguments = Readonly<Record<string, number>>;

/** The compiler checks that the arguments are those of the kernel. */
export function job<Kernel extends KernelName, Args extends KernelArguments<Kernel>>(
  kernel: Kernel,
  chunks: number,
  args: Exactly<Kernel, Args>,
  scratchBytes = 0,
): Job {
  return { kernel, chunks, args, scratchBytes };
}

/** Enough for the chunks of 16 threads to end at about the same time, too few to be felt on one. */
const CHUNKS = 32;

/** How many of `items` each of at most `most` chunks takes: at least `least`, and a multiple of it. */
export function itemsPerChunk(items: number, least = 1, most = CHUNKS): number {
  return Math.max(1, Math.ceil(items / least / most)) * least;
}

export function roundUp(n: number, unit: number): number {
  return Math.ceil(n / unit) * unit;
}

/** Batch, height, width, channels. */
export type Shape4D = readonly [number, number, number, number];

/** Where and how a convolution reads its input; kinds as in assembly/prologue.ts. */
export interface Source {
  readonly input: number;
  readonly prologue: Prologue;
}

export interface Prologue {
  readonly prologueKind: number;
  /** From the gradient to the input in the memory. */
  readonly prologueOffset: number;
  readonly prologueCoefficients: number;
}

export const PROLOGUE = {
  nothing: 0,
  normalise: 1,
  normaliseRelu: 2,
  gradient: 3,
  gradientMasked: 4,
} as const;

export const NO_PROLOGUE: Prologue = {
  prologueKind: PROLOGUE.nothing,
  prologueOffset: 0,
  prologueCoefficients: 0,
};

/** What a convolution does to the rows of its output; kinds as in assembly/epilogue.ts. */
export interface Epilogue {
  readonly epilogueKind: number;
  /** One for each chunk. */
  readonly epilogueSlots: number;
  /** Input and, for the mask, output of a BatchNorm whose gradient begins here. */
  readonly epilogueInput: number;
  readonly epilogueMask: number;
  /** Another tensor to be added to the output first, or 0. */
  readonly epilogueAddend: number;
  readonly epilogueCoefficients: number;
}

/** And the masks of a gradient behind it. */
export const EPILOGUE = { nothing: 0, statistics: 1, gradient: 2 } as const;

export const NO_EPILOGUE: Epilogue = {
  epilogueKind: EPILOGUE.nothing,
  epilogueSlots: 0,
  epilogueInput: 0,
  epilogueMask: 0,
  epilogueAddend: 0,
  epilogueCoefficients: 0,
};

export interface ConvolutionPointers extends Source {
  readonly output: number;
  readonly filter: number;
  /** Asked once the number of chunks is known, by a convolution that can have one. */
  readonly epilogue: (chunks: number) => Epilogue;
}

interface SumPointers {
  readonly input: number;
  readonly outputGradient: number;
  /** `slots` slots of `slotBytes` each. */
  readonly slots: number;
}

/** A filter gradient in two jobs: sums of the chunks, and their total. */
export interface FilterGradientPlan {
  readonly slots: number;
  readonly slotBytes: number;
  sum(pointers: SumPointers): Job;
  finish(slots: number, gradient: number): Job;
}
