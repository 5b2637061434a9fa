import type { concatChannelsOp, padOp, sliceOp, splitChannelsOp } from "@bn-only/frozen-layers";
import { type TensorInfo, util } from "@tensorflow/tfjs-core";
import type { WasmTrainingBackend } from "../backend.ts";
import type { NumericType } from "../memory/numbers.ts";
import { UnsupportedError } from "../errors.ts";
import { runJob, type WasmKernel } from "./kernel.ts";
import { itemsPerChunk, job } from "./plan.ts";

// Host side of assembly/copy.ts: blocks of tensors of 4-byte numbers. Which dimensions lie in one piece
// in both tensors is found out here; the kernel copies runs in up to three dimensions around them.

/** Below this a second thread costs more than it saves. */
const CHUNK_BYTES = 1 << 16;

/** Where a block lies in a tensor. */
interface Place {
  readonly shape: readonly number[];
  readonly begin: readonly number[];
  /** Address of the tensor. */
  readonly pointer: number;
}

/** Steps in bytes of a loop over one dimension. */
interface Loop {
  size: number;
  from: number;
  to: number;
}

/** Whether a block of so many dimensions and this type can be copied. */
export function copies({ shape, dtype }: TensorInfo): boolean {
  return shape.length <= 4 && (dtype === "float32" || dtype === "int32");
}

/** Copies a block of `size` from one tensor into another; both of up to four dimensions. */
function copyBlock(
  backend: WasmTrainingBackend,
  size: readonly number[],
  from: Place,
  to: Place,
): void {
  if (util.sizeFromShape([...size]) === 0) return;
  const { loops, bytes } = loopsOf(size, from.shape, to.shape);
  if (loops.length > 3) {
    throw new UnsupportedError(
      `copy: expected a block of up to four dimensions, got [${size.join(",")}]. Use tf.reshape first.`,
    );
  }
  const [inner, middle, outer] = [...loops, none, none, none] as [Loop, Loop, Loop];
  const runs = inner.size * middle.size * outer.size;
  const chunkRuns = itemsPerChunk(runs, Math.max(1, Math.floor(CHUNK_BYTES / bytes)));
  const args = {
    from: from.pointer + offsetOf(from),
    to: to.pointer + offsetOf(to),
    outer: outer.size,
    middle: middle.size,
    inner: inner.size,
    fromOuter: outer.from,
    fromMiddle: middle.from,
    fromInner: inner.from,
    toOuter: outer.to,
    toMiddle: middle.to,
    toInner: inner.to,
    bytes,
    chunkRuns,
  };
  runJob(backend, job("copyBlock", Math.ceil(runs / chunkRuns), args));
}

const none: Loop = { size: 1, from: 0, to: 0 };

/** Bytes that lie in one piece, and the loops around them, innermost first. */
function loopsOf(
  size: readonly number[],
  from: readonly number[],
  to: readonly number[],
): { loops: Loop[]; bytes: number } {
  const [fromSteps, toSteps] = [stepsOf(from), stepsOf(to)];
  let bytes = 4;
  const loops: Loop[] = [];
  for (let i = size.length - 1; i >= 0; i--) {
    const loop = { size: size[i]!, from: fromSteps[i]!, to: toSteps[i]! };
    const last = loops.at(-1);
    if (loop.size === 1) continue;
    if (!last && loop.from === bytes && loop.to === bytes) bytes *= loop.size;
    else if (last && loop.from === last.size * last.from && loop.to === last.size * last.to) {
      last.size *= loop.size;
    } else loops.push(loop);
  }
  return { loops, bytes };
}

function stepsOf(shape: readonly number[]): number[] {
  let step = 4;
  return shape
    .toReversed()
    .map((size) => (step *= size) / size)
    .toReversed();
}

function offsetOf({ shape, begin }: Place): number {
  return stepsOf(shape).reduce((sum, step, i) => sum + step * begin[i]!, 0);
}

/** A run of bytes. The host copies a short one itself, in less time than a job takes. */
export function copyRun(
  backend: WasmTrainingBackend,
  bytes: number,
  from: number,
  to: number,
): void {
  if (bytes <= CHUNK_BYTES) {
    backend.heap.bytes(0, backend.heap.byteLength).copyWithin(to, from, from + bytes);
    return;
  }
  const size = [bytes / 4];
  const whole = { shape: size, begin: [0] };
  copyBlock(backend, size, { ...whole, pointer: from }, { ...whole, pointer: to });
}

/** Whether the parts of a tensor along an axis lie one behind the other. */
function outermost(shape: readonly number[], axis: number): boolean {
  return shape.slice(0, axis).every((size) => size === 1);
}

const origin = (shape: readonly number[]): number[] => shape.map(() => 0);

/** Tensors of one type, one behind the other along an axis. */
export function concat(
  backend: WasmTrainingBackend,
  inputs: readonly TensorInfo[],
  axis: number,
): TensorInfo {
  const shape = [...inputs[0]!.shape];
  shape[axis] = inputs.reduce((sum, input) => sum + input.shape[axis]!, 0);
  const output = backend.allocate(shape, inputs[0]!.dtype as NumericType);
  if (outermost(shape, axis)) {
    let to = output.pointer;
    for (const input of inputs) {
      const bytes = 4 * util.sizeFromShape(input.shape);
      copyRun(backend, bytes, backend.pointer(input), to);
      to += bytes;
    }
    return output.info;
  }
  const begin = origin(shape);
  for (const input of inputs) {
    const from = { shape: input.shape, begin: origin(shape), pointer: backend.pointer(input) };
    copyBlock(backend, input.shape, from, { shape, begin, pointer: output.pointer });
    begin[axis]! += input.shape[axis]!;
  }
  return output.info;
}

/** A block of a tensor. */
export function slice(
  backend: WasmTrainingBackend,
  input: TensorInfo,
  begin: readonly number[],
  size: readonly number[],
): TensorInfo {
  const from = { shape: input.shape, begin, pointer: backend.pointer(input) };
  const output = backend.allocate(size, input.dtype as NumericType);
  copyBlock(backend, size, from, { shape: size, begin: origin(size), pointer: output.pointer });
  return output.info;
}

export function split(
  backend: WasmTrainingBackend,
  input: TensorInfo,
  sizes: readonly number[],
  axis: number,
): TensorInfo[] {
  if (outermost(input.shape, axis)) {
    let from = backend.pointer(input);
    return sizes.map((size) => {
      const piece = backend.allocate(input.shape.with(axis, size), input.dtype as NumericType);
      const bytes = 4 * util.sizeFromShape(piece.info.shape);
      copyRun(backend, bytes, from, piece.pointer);
      from += bytes;
      return piece.info;
    });
  }
  const begin = origin(input.shape);
  return sizes.map((size) => {
    const piece = slice(backend, input, begin, input.shape.with(axis, size));
    begin[axis]! += size;
    return piece;
  });
}

export function pad(
  backend: WasmTrainingBackend,
  input: TensorInfo,
  paddings: readonly (readonly [number, number])[],
  value: number,
): TensorInfo {
  const from = { shape: input.shape, begin: origin(input.shape), pointer: backend.pointer(input) };
  const shape = input.shape.map((size, i) => paddings[i]![0] + size + paddings[i]![1]);
  const { info, pointer } = backend.allocate(shape);
  const size = util.sizeFromShape(shape);
  const chunkSize = itemsPerChunk(size, CHUNK_BYTES / 4);
  const chunks = Math.ceil(size / chunkSize);
  runJob(backend, job("fillNumbers", chunks, { to: pointer, size, chunkSize, value }));
  copyBlock(backend, input.shape, from, { shape, begin: paddings.map(([n]) => n), pointer });
  return info;
}

export const concatChannels: WasmKernel<typeof concatChannelsOp> = (inputs, _none, backend) => ({
  output: concat(backend, inputs, inputs[0]!.shape.length - 1),
});

export const splitChannels: WasmKernel<typeof splitChannelsOp> = ({ input }, { sizes }, backend) =>
  split(backend, input, sizes, input.shape.length - 1);

export const sliceBlock: WasmKernel<typeof sliceOp> = ({ input }, { begin, size }, backend) => ({
  output: slice(backend, input, begin, size),
});

export const padBlock: WasmKernel<typeof padOp> = ({ input }, { paddings, value }, backend) => ({
  output: pad(backend, input, paddings, value),
});
