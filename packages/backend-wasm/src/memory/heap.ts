import { OutOfMemoryError } from "../errors.ts";
import { Allocator } from "./allocator.ts";

const PAGE = 65536;
/** 4 GiB, the most that 32-bit addresses reach. */
const MAXIMUM_PAGES = 65536;
/** Kernels compute addresses a row of vectors behind the end of a tensor, which must be no small numbers again. */
const LAST_ADDRESS = 2 ** 32 - 2 ** 24;

/**
 * The memory that host, kernels and threads share. Its first page belongs to the scheduler and to the
 * constants of the kernels; the rest is handed out in blocks.
 *
 * Growing may invalidate a view, so take views after the last allocation and do not keep them.
 */
export class Heap {
  readonly memory: WebAssembly.Memory;
  readonly #allocator: Allocator;
  readonly #maximumPages: number;
  /** Whether the machine itself gave no more the last time. */
  #refused = false;

  constructor({
    shared,
    maximumPages = MAXIMUM_PAGES,
  }: {
    shared: boolean;
    maximumPages?: number;
  }) {
    [this.memory, this.#maximumPages] = reserve(shared, maximumPages);
    this.#allocator = new Allocator(PAGE, (end) => this.#reach(end));
  }

  get bytesInUse(): number {
    return this.#allocator.bytesInUse;
  }

  get peakBytes(): number {
    return this.#allocator.peakBytes;
  }

  /** Size of the whole memory, which never shrinks. */
  get byteLength(): number {
    return this.memory.buffer.byteLength;
  }

  /** The most bytes that it can ever have: 16 MiB less than 4 GiB, unless the machine gave fewer addresses. */
  get limitBytes(): number {
    return Math.min(this.#maximumPages * PAGE, LAST_ADDRESS);
  }

  /**
   * A block of memory, aligned to 64 bytes, uninitialised.
   *
   * @param shape of the tensor that it is for, which the error names
   * @throws OutOfMemoryError when it does not fit any more; nothing has changed then.
   */
  allocate(bytes: number, shape?: readonly number[]): number {
    if (!(bytes <= this.limitBytes)) throw this.#outOfMemory(bytes, shape, this.limitBytes);
    try {
      return this.#allocator.allocate(bytes);
    } catch (error) {
      if (error !== FULL) throw error;
      throw this.#outOfMemory(bytes, shape, this.#refused ? this.byteLength : this.limitBytes);
    }
  }

  free(pointer: number): void {
    this.#allocator.free(pointer);
  }

  /** Whether an array is a view of this memory, as it is now. */
  owns({ buffer }: ArrayBufferView): boolean {
    return buffer === this.memory.buffer;
  }

  bytes(pointer: number, length: number): Uint8Array {
    return new Uint8Array(this.memory.buffer, pointer, length);
  }

  float32(pointer: number, length: number): Float32Array {
    return new Float32Array(this.memory.buffer, pointer, length);
  }

  float64(pointer: number, length: number): Float64Array {
    return new Float64Array(this.memory.buffer, pointer, length);
  }

  int32(pointer: number, length: number): Int32Array {
    return new Int32Array(this.memory.buffer, pointer, length);
  }

  #reach(end: number): void {
    const missing = Math.ceil((end - this.byteLength) / PAGE);
    if (missing <= 0) return;
    this.#refused = false;
    if (end > this.limitBytes) throw FULL;
    try {
      this.memory.grow(missing);
    } catch {
      this.#refused = true;
      throw FULL;
    }
  }

  #outOfMemory(
    wantedBytes: number,
    shape: readonly number[] | undefined,
    limitBytes: number,
  ): OutOfMemoryError {
    const { bytesInUse } = this;
    const what = shape ? ` more, for a tensor of [${shape.join(",")}],` : " more";
    const limit = limitBytes < this.limitBytes ? "this machine gives" : "the limit is";
    return new OutOfMemoryError(
      `memory: ${mebibytes(wantedBytes)}${what} do not fit; ${mebibytes(bytesInUse)} are in use, ${limit} ${mebibytes(limitBytes)}. ` +
        "Use a smaller batch, or checkpointed blocks.",
      { wantedBytes, bytesInUse, limitBytes },
    );
  }
}

/** Thrown through the allocator, which leaves all as it was. */
const FULL = Symbol("no memory");

const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

/** Shared memory reserves its addresses at once; where there are not so many, half of them may do. */
function reserve(shared: boolean, maximum: number): [WebAssembly.Memory, number] {
  try {
    return [new WebAssembly.Memory({ initial: 1, maximum, shared }), maximum];
  } catch (cause) {
    if (maximum > 1) return reserve(shared, maximum >> 1);
    const none = { wantedBytes: PAGE, bytesInUse: 0, limitBytes: 0 };
    throw new OutOfMemoryError("memory: this machine gives none to WebAssembly.", none, { cause });
  }
}
