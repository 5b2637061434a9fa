import type { DataType, KernelFunc, TensorInfo } from "@tensorflow/tfjs-core";
import type { WasmTrainingBackend } from "../backend.ts";
import type { NumericType } from "../memory/numbers.ts";
import { UnsupportedError } from "../errors.ts";

const numeric: readonly DataType[] = ["float32", "int32", "bool"];

/** Numbers towards zero for int32, 1 for whatever is not 0 for bool; the same type is shared. */
export const cast: KernelFunc = ({ inputs, attrs, backend }) => {
  const wasm = backend as WasmTrainingBackend;
  const x = inputs["x"] as TensorInfo;
  const dtype = attrs!["dtype"] as DataType;
  if (dtype === x.dtype) return wasm.share(x, x.shape);
  if (!numeric.includes(x.dtype) || !numeric.includes(dtype)) {
    throw new UnsupportedError(
      `cast: expected types of ${numeric.join(", ")}, got ${x.dtype} to ${dtype}. Use the "cpu" backend.`,
    );
  }
  wasm.pointer(x); // values that wait are computed before the views are taken
  const { info } = wasm.allocate(x.shape, dtype as NumericType);
  const [from, to] = [wasm.view(x), wasm.view(info)];
  if (dtype === "bool") from.forEach((value, i) => (to[i] = value === 0 ? 0 : 1));
  else to.set(from);
  return info;
};
