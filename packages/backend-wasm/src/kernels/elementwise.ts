import type {
  activationGradientOp,
  ActivationKind,
  activationOp,
  addBiasOp,
  multiplyChannelsOp,
} from "@bn-only/frozen-layers";
import { type TensorInfo, util } from "@tensorflow/tfjs-core";
import type { WasmTrainingBackend } from "../backend.ts";
import { runJob, type WasmKernel } from "./kernel.ts";
import { itemsPerChunk, type Job, job } from "./plan.ts";

// Host side of assembly/unary.ts and binary.ts.

/** Below this a second thread costs more than it saves. */
const CHUNK = 1 << 14;

const sizeOf = ({ shape }: TensorInfo): number => util.sizeFromShape(shape);

/** How `size` numbers are cut into chunks. */
export function cut(size: number): { chunks: number; chunkSize: number } {
  const chunkSize = itemsPerChunk(size, CHUNK);
  return { chunks: Math.ceil(size / chunkSize), chunkSize };
}

/** As in assembly/unary.ts. */
const KINDS: Readonly<Record<ActivationKind, number>> = { relu: 0, relu6: 1, sigmoid: 2 };

export function activate(
  backend: WasmTrainingBackend,
  input: TensorInfo,
  kind: ActivationKind,
): TensorInfo {
  const pointer = backend.pointer(input);
  const output = backend.allocate(input.shape);
  const size = sizeOf(input);
  const { chunks, chunkSize } = cut(size);
  const args = { input: pointer, output: output.pointer, size, chunkSize, kind: KINDS[kind] };
  runJob(backend, job("activation", chunks, args));
  return output.info;
}

export const activation: WasmKernel<typeof activationOp> = ({ input }, { kind }, backend) => ({
  output: activate(backend, input, kind),
});

export const activationGradient: WasmKernel<typeof activationGradientOp> = (
  { outputGradient, output },
  { kind },
  backend,
) => {
  const pointers = {
    outputGradient: backend.pointer(outputGradient),
    output: backend.pointer(output),
  };
  const gradient = backend.allocate(output.shape);
  const size = sizeOf(output);
  const { chunks, chunkSize } = cut(size);
  const args = {
    ...pointers,
    inputGradient: gradient.pointer,
    size,
    chunkSize,
    kind: KINDS[kind],
  };
  runJob(backend, job("activationGradient", chunks, args));
  return { inputGradient: gradient.info };
};

/** As in assembly/binary.ts. */
const OPERATIONS = { add: 0, subtract: 1, multiply: 2, divide: 3, maximum: 4 } as const;

export type Operation = keyof typeof OPERATIONS;

interface Operands {
  readonly a: number;
  readonly b: number;
  readonly y: number;
}

/** y = a ∘ b; b is of a's size or, `scalar`, one number. */
export function combineTensors(
  operation: Operation,
  pointers: Operands,
  size: number,
  scalar: boolean,
): Job {
  const { chunks, chunkSize } = cut(size);
  const args = { ...pointers, size, chunkSize };
  const kind = { operation: OPERATIONS[operation], scalar: scalar ? 1 : 0 };
  return job("combineTensors", chunks, { ...args, ...kind });
}

/** The same for rows of `width` numbers, `rowsPerB` of which meet one row of b. */
export function combineRows(
  operation: Operation,
  pointers: Operands,
  { rows, width, rowsPerB }: { rows: number; width: number; rowsPerB: number },
): Job {
  const chunkRows = itemsPerChunk(rows, Math.max(1, Math.floor(CHUNK / width)));
  const args = { ...pointers, width, rows, chunkRows, rowsPerB, operation: OPERATIONS[operation] };
  return job("combineRows", Math.ceil(rows / chunkRows), args);
}

export const addBias: WasmKernel<typeof addBiasOp> = ({ input, bias }, _none, backend) => {
  const [a, b] = [backend.pointer(input), backend.pointer(bias)];
  const output = backend.allocate(input.shape);
  const width = input.shape.at(-1)!;
  const rows = sizeOf(input) / width;
  const pointers = { a, b, y: output.pointer };
  runJob(backend, combineRows("add", pointers, { rows, width, rowsPerB: rows }));
  return { output: output.info };
};

export const multiplyChannels: WasmKernel<typeof multiplyChannelsOp> = (
  { input, gate },
  _none,
  backend,
) => {
  const [batch, height, width, channels] = input.shape as [number, number, number, number];
  const [a, b] = [backend.pointer(input), backend.pointer(gate)];
  const output = backend.allocate(input.shape);
  const pixels = height * width;
  const rows = { rows: batch * pixels, width: channels, rowsPerB: pixels };
  runJob(backend, combineRows("multiply", { a, b, y: output.pointer }, rows));
  return { output: output.info };
};
