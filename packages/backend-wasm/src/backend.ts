import {
  type BackendTimingInfo,
  type BackendValues,
  type DataId,
  DataStorage,
  type DataType,
  engine,
  KernelBackend,
  type TensorInfo,
  util,
} from "@tensorflow/tfjs-core";
import { loadKernels } from "./assets.ts";
import type { Deferred } from "./deferred.ts";
import { UnsupportedError } from "./errors.ts";
import {
  type Exactly,
  type KernelArguments,
  type KernelName,
  layOut,
} from "./kernels/arguments.ts";
import type { Job } from "./kernels/plan.ts";
import { Heap } from "./memory/heap.ts";
import type { ResolvedOptions } from "./options.ts";
import { canShareMemory } from "./platform.ts";
import { ThreadPool } from "./threads/pool.ts";

export type NumericType = "float32" | "int32" | "bool";
export type NumericValues = Float32Array | Int32Array | Uint8Array;

interface NumericData {
  readonly dtype: NumericType;
  readonly length: number;
  pointer: number;
  /** Present until the values are computed; there is no memory before that. */
  deferred?: Deferred;
}

/** Strings stay in JavaScript. */
interface StringData {
  readonly dtype: "string";
  readonly strings: Uint8Array[];
}

type TensorData = (NumericData | StringData) & { refCount: number };

const bytesPerElement = { float32: 4, int32: 4, bool: 1 } as const;

/** A tfjs backend whose tensors live in one memory that kernels and threads share. */
export class WasmTrainingBackend extends KernelBackend {
  readonly heap: Heap;
  /** Whether the kernels multiply and add with one rounding. */
  readonly fma: boolean;
  readonly #pool: ThreadPool;
  readonly #data: DataStorage<TensorData>;

  static async create({ threads, fma }: ResolvedOptions): Promise<WasmTrainingBackend> {
    const shared = threads > 1 && canShareMemory();
    const kernels = await loadKernels({ fma, shared });
    const heap = new Heap({ shared });
    const pool = await ThreadPool.start(kernels.module, heap, shared ? threads : 1);
    return new WasmTrainingBackend(heap, pool, kernels.fma);
  }

  private constructor(heap: Heap, pool: ThreadPool, fma: boolean) {
    super();
    this.heap = heap;
    this.fma = fma;
    this.#pool = pool;
    this.#data = new DataStorage(this, engine());
  }

  get threads(): number {
    return this.#pool.threads;
  }

  /** False once it was disposed, or a thread stopped inside a kernel: every kernel throws then. */
  get usable(): boolean {
    return this.#pool.usable;
  }

  /** A new tensor, uninitialised. Addresses stay, views of the heap do not: see `Heap`. */
  allocate(
    shape: readonly number[],
    dtype: NumericType = "float32",
  ): { info: TensorInfo; pointer: number } {
    const length = util.sizeFromShape([...shape]);
    const pointer = this.heap.allocate(length * bytesPerElement[dtype]);
    const dataId = {};
    this.#data.set(dataId, { dtype, pointer, length, refCount: 1 });
    return { info: { dataId, shape: [...shape], dtype }, pointer };
  }

  /** A new tensor with a copy of `values`, which must not lie in this backend's memory. */
  store(values: ArrayLike<number>, shape: readonly number[], dtype: NumericType): TensorInfo {
    const { info } = this.allocate(shape, dtype);
    this.view(info).set(values);
    return info;
  }

  /** The same values under another shape of the same size. */
  share({ dataId, dtype }: TensorInfo, shape: readonly number[]): TensorInfo {
    this.incRef(dataId);
    return { dataId, dtype, shape: [...shape] };
  }

  /** A new float32 tensor whose values are computed when somebody asks for them, or never. */
  defer(shape: readonly number[], deferred: Deferred): TensorInfo {
    const length = util.sizeFromShape([...shape]);
    const dataId = {};
    this.#data.set(dataId, { dtype: "float32", pointer: 0, length, deferred, refCount: 1 });
    return { dataId, shape: [...shape], dtype: "float32" };
  }

  /** How a tensor's values will be computed, where they are not yet. */
  deferred({ dataId }: TensorInfo): Deferred | undefined {
    const data = this.#data.get(dataId);
    return data.dtype === "string" ? undefined : data.deferred;
  }

  /** Keeps a tensor's values until `release`: a variable's own `dataId` is another one after `assign`. */
  keep({ dataId, dtype, shape }: TensorInfo): TensorInfo {
    this.incRef(dataId);
    return { dataId, dtype, shape };
  }

  /** Gives up what `keep` gave. */
  release({ dataId }: TensorInfo): void {
    if (this.disposeData(dataId)) engine().removeDataId(dataId, this);
  }

  /** Address of a tensor's values. */
  pointer({ dataId }: TensorInfo): number {
    return this.#numeric(dataId).pointer;
  }

  /** The values themselves, valid until the next allocation. */
  view({ dataId }: TensorInfo): NumericValues {
    return this.#view(this.#numeric(dataId));
  }

  /**
   * Runs all chunks of a kernel on all threads and returns when they are done.
   *
   * @param kernel name of an exported function `(args, chunk, scratch)` of assembly/
   * @param chunks depends on the data only, so that any number of threads gives the same bits
   * @param args numbers and addresses, by the kernel's names for them
   * @param scratchBytes memory for each thread's own use
   */
  run<Kernel extends KernelName, Args extends KernelArguments<Kernel>>(
    kernel: Kernel,
    chunks: number,
    args: Exactly<Kernel, Args>,
    scratchBytes = 0,
  ): void {
    this.runJob({ kernel, chunks, args, scratchBytes });
  }

  /** The same for a kernel whose arguments were checked before. */
  runJob({ kernel, chunks, args, scratchBytes = 0 }: Job): void {
    this.#pool.run(kernel, chunks, layOut(kernel, args), scratchBytes);
  }

  override write(values: BackendValues, shape: number[], dtype: DataType): DataId {
    const dataId = {};
    this.move(dataId, values, shape, dtype, 1);
    return dataId;
  }

  override move(
    dataId: DataId,
    values: BackendValues | null,
    shape: number[],
    dtype: DataType,
    refCount: number,
  ): void {
    if (dtype === "string") {
      this.#data.set(dataId, { dtype, strings: (values ?? []) as Uint8Array[], refCount });
      return;
    }
    if (dtype === "complex64") {
      throw new UnsupportedError(
        'bn-wasm: complex64 tensors are not supported. Use the "cpu" backend for them.',
      );
    }
    const length = util.sizeFromShape(shape);
    const pointer = this.heap.allocate(length * bytesPerElement[dtype]);
    const data = { dtype, pointer, length, refCount };
    this.#data.set(dataId, data);
    if (values) this.#view(data).set(values as NumericValues);
  }

  override readSync(dataId: DataId): BackendValues {
    const data = this.#data.get(dataId);
    // A copy in memory that is not shared, as a view would not outlive the tensor.
    return data.dtype === "string" ? data.strings : copy(this.#view(this.#numeric(dataId)));
  }

  override async read(dataId: DataId): Promise<BackendValues> {
    return this.readSync(dataId);
  }

  override refCount(dataId: DataId): number {
    return this.#data.has(dataId) ? this.#data.get(dataId).refCount : 0;
  }

  override incRef(dataId: DataId): void {
    this.#data.get(dataId).refCount++;
  }

  /** Frees the data once nothing refers to them any more, or at once with `force`. */
  override disposeData(dataId: DataId, force = false): boolean {
    if (!this.#data.has(dataId)) return true;
    const data = this.#data.get(dataId);
    data.refCount--;
    if (!force && data.refCount > 0) return false;
    this.#data.delete(dataId);
    if (data.dtype === "string") return true;
    if (data.deferred) data.deferred.release();
    else this.heap.free(data.pointer);
    return true;
  }

  override numDataIds(): number {
    return this.#data.numDataIds();
  }

  /**
   * For `tf.memory()`: bytes in tensors and scratch memory now, the most there have ever been, and
   * the size of the memory that was taken from the machine, which never shrinks.
   */
  override memory(): {
    unreliable: boolean;
    numBytesInUse: number;
    peakBytes: number;
    heapBytes: number;
  } {
    return {
      unreliable: false,
      numBytesInUse: this.heap.bytesInUse,
      peakBytes: this.heap.peakBytes,
      heapBytes: this.heap.byteLength,
    };
  }

  override timerAvailable(): boolean {
    return true;
  }

  override async time(run: () => void): Promise<BackendTimingInfo> {
    const begin = performance.now();
    run();
    return { kernelMs: performance.now() - begin };
  }

  override floatPrecision(): 32 {
    return 32;
  }

  override epsilon(): number {
    return 1e-7;
  }

  /** Ends the worker threads. */
  override dispose(): void {
    this.#pool.dispose();
  }

  #numeric(dataId: DataId): NumericData {
    const data = this.#data.get(dataId);
    if (data.dtype !== "string") {
      if (data.deferred) this.#compute(data, data.deferred);
      return data;
    }
    throw new UnsupportedError("bn-wasm: expected a tensor of numbers, got one of strings.");
  }

  #compute(data: NumericData, deferred: Deferred): void {
    const pointer = this.heap.allocate(data.length * bytesPerElement[data.dtype]);
    try {
      deferred.compute(pointer);
    } catch (error) {
      this.heap.free(pointer);
      throw error;
    }
    data.pointer = pointer;
    delete data.deferred;
    deferred.release();
  }

  #view({ dtype, pointer, length }: NumericData): NumericValues {
    if (dtype === "float32") return this.heap.float32(pointer, length);
    return dtype === "int32" ? this.heap.int32(pointer, length) : this.heap.bytes(pointer, length);
  }
}

function copy(view: NumericValues): NumericValues {
  if (view instanceof Float32Array) return new Float32Array(view);
  return view instanceof Int32Array ? new Int32Array(view) : new Uint8Array(view);
}
