import type { DataType } from "@tensorflow/tfjs-core";

/** What tensors hold that lie in memory; strings stay in JavaScript. */
export type NumericType = "float32" | "int32" | "bool";

export type NumericValues = Float32Array | Int32Array | Uint8Array;

export const bytesPerElement = { float32: 4, int32: 4, bool: 1 } as const;

export function isNumeric(dtype: DataType): dtype is NumericType {
  return dtype in bytesPerElement;
}

/** In memory that is not shared. */
export function copyOf(view: NumericValues): NumericValues {
  if (view instanceof Float32Array) return new Float32Array(view);
  return view instanceof Int32Array ? new Int32Array(view) : new Uint8Array(view);
}
