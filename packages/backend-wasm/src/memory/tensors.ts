import {
  type BackendValues,
  type DataId,
  DataStorage,
  type DataType,
  engine,
  KernelBackend,
  type TensorInfo,
  util,
} from "@tensorflow/tfjs-core";
import type { Deferred } from "../deferred.ts";
import { UnsupportedError } from "../errors.ts";
import type { Heap } from "./heap.ts";
import {
  bytesPerElement,
  copyOf,
  isNumeric,
  type NumericType,
  type NumericValues,
} from "./numbers.ts";
import { Outputs } from "./outputs.ts";

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

/** The half of a tfjs backend that holds tensors: their values in a heap, and how many refer to them. */
export class TensorMemory extends KernelBackend {
  /** @internal For kernels. */
  readonly heap: Heap;
  readonly #data: DataStorage<TensorData>;
  readonly #outputs = new Outputs<DataId>();

  /** @internal */
  constructor(heap: Heap) {
    super();
    this.heap = heap;
    this.#data = new DataStorage(this, engine());
  }

  /** A new tensor, uninitialised. Addresses stay, views of the heap do not: see `Heap`. */
  allocate(
    shape: readonly number[],
    dtype: NumericType = "float32",
  ): { info: TensorInfo; pointer: number } {
    const length = util.sizeFromShape([...shape]);
    const pointer = this.heap.allocate(length * bytesPerElement[dtype], shape);
    const dataId = {};
    this.#data.set(dataId, { dtype, pointer, length, refCount: 1 });
    this.#outputs.add(dataId);
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
    this.#outputs.add(dataId);
    return { dataId, dtype, shape: [...shape] };
  }

  /** A new float32 tensor whose values are computed when somebody asks for them, or never. */
  defer(shape: readonly number[], deferred: Deferred): TensorInfo {
    const length = util.sizeFromShape([...shape]);
    const dataId = {};
    this.#data.set(dataId, { dtype: "float32", pointer: 0, length, deferred, refCount: 1 });
    this.#outputs.add(dataId);
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
    this.#giveUp(dataId);
  }

  /** Address of a tensor's values. */
  pointer({ dataId }: TensorInfo): number {
    return this.#numeric(dataId).pointer;
  }

  /** The values themselves, valid until the next allocation. */
  view({ dataId }: TensorInfo): NumericValues {
    return this.#view(this.#numeric(dataId));
  }

  /** Runs a kernel. If it throws, the tensors that it had made are freed. */
  runKernel<Call, Result>(kernel: (call: Call) => Result, call: Call): Result {
    return this.#outputs.run(kernel, call, this.#giveUp);
  }

  override write(values: BackendValues, shape: number[], dtype: DataType): DataId {
    const dataId = {};
    this.#put(dataId, values, shape, dtype, 1);
    this.#outputs.add(dataId);
    return dataId;
  }

  /**
   * Takes a tensor over from another backend, which has given it up already: where there is no memory for
   * it, its values wait outside and the next kernel that reads it tries again.
   */
  override move(
    dataId: DataId,
    values: BackendValues | null,
    shape: number[],
    dtype: DataType,
    refCount: number,
  ): void {
    try {
      this.#put(dataId, values, shape, dtype, refCount);
    } catch (error) {
      if (values && isNumeric(dtype)) this.#postpone(dataId, values, dtype, refCount);
      throw error;
    }
  }

  override readSync(dataId: DataId): BackendValues {
    const data = this.#data.get(dataId);
    // A copy in memory that is not shared, as a view would not outlive the tensor.
    return data.dtype === "string" ? data.strings : copyOf(this.#view(this.#numeric(dataId)));
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

  readonly #giveUp = (dataId: DataId): void => {
    if (this.disposeData(dataId)) engine().removeDataId(dataId, this);
  };

  #put(
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
    if (!isNumeric(dtype)) {
      throw new UnsupportedError(
        'bn-wasm: complex64 tensors are not supported. Use the "cpu" backend for them.',
      );
    }
    const length = util.sizeFromShape(shape);
    const pointer = this.heap.allocate(length * bytesPerElement[dtype], shape);
    const data = { dtype, pointer, length, refCount };
    this.#data.set(dataId, data);
    if (values) this.#view(data).set(values as NumericValues);
  }

  #postpone(dataId: DataId, values: BackendValues, dtype: NumericType, refCount: number): void {
    const { length } = values;
    const deferred: Deferred = {
      compute: (pointer) => this.#view({ dtype, pointer, length }).set(values as NumericValues),
      release: () => {},
    };
    this.#data.set(dataId, { dtype, pointer: 0, length, deferred, refCount });
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
