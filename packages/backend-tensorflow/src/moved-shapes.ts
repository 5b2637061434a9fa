import type { BackendValues, DataType, TensorInfo } from "@tensorflow/tfjs-core";

/** What tfjs-node notes of the values of tensors. */
interface TensorData {
  /** Of the native tensor, or of the one that will be made of `values` when an op needs it. */
  shape: readonly number[];
  readonly dtype: number;
  values: BackendValues | null;
}

/** The part of `NodeJSKernelBackend` that gives tensors to native ops. */
interface NativeInputs {
  readonly tensorMap: { get(dataId: object): TensorData };
  readonly binding: {
    createTensor(shape: readonly number[], dtype: number, values: BackendValues): number;
    deleteTensor(id: number): void;
  };
  readSync(dataId: object): BackendValues;
  write(values: BackendValues, shape: number[], dtype: DataType): object;
  move(
    dataId: object,
    values: BackendValues,
    shape: number[],
    dtype: DataType,
    refCount: number,
  ): void;
  getInputTensorIds(tensors: readonly (TensorInfo | { dataId?: undefined })[]): number[];
}

/**
 * Makes values that came from another backend tensors of the shape that they have now. tfjs moves them with the shape that
 * they had first, but a reshape there shares the values: tfjs-node then gives `Conv2D` a filter of
 * shape [432].
 *
 * @param prototype of `NodeJSKernelBackend`, which is changed; a second time changes nothing
 */
export function followShapes(prototype: object): void {
  const native = prototype as NativeInputs;
  const { getInputTensorIds, move, write } = native;
  if (getInputTensorIds.name === followingIds.name) return;
  let writing = false;
  let anyMoved = false;

  native.write = function writeHere(...values) {
    writing = true;
    try {
      return write.apply(this, values);
    } finally {
      writing = false;
    }
  };
  native.move = function moveHere(...values) {
    anyMoved ||= !writing;
    move.apply(this, values);
  };
  native.getInputTensorIds = followingIds;

  function followingIds(
    this: NativeInputs,
    tensors: Parameters<NativeInputs["getInputTensorIds"]>[0],
  ): number[] {
    for (const tensor of anyMoved ? tensors : []) {
      if (tensor.dataId === undefined) continue;
      const data = this.tensorMap.get(tensor.dataId);
      if (data.values !== null) data.shape = tensor.shape;
    }
    const ids = getInputTensorIds.call(this, tensors);
    if (!anyMoved) return ids;
    return ids.map((id, i) => {
      const tensor = tensors[i]!;
      if (tensor.dataId === undefined || tensor.dtype === "string") return id;
      const { shape, dtype } = this.tensorMap.get(tensor.dataId);
      if (sameShape(shape, tensor.shape)) return id;
      // Two tensors of different shapes share the values.
      const copy = this.binding.createTensor(tensor.shape, dtype, this.readSync(tensor.dataId));
      queueMicrotask(() => this.binding.deleteTensor(copy));
      return copy;
    });
  }
}

function sameShape(one: readonly number[], other: readonly number[]): boolean {
  return one.length === other.length && one.every((length, i) => length === other[i]);
}
