import type { OpKernel } from "@bn-only/frozen-layers";
import type { Tensor, TensorInfo } from "@tensorflow/tfjs-core";

// tfjs's backend "tensorflow" runs any op of the native TensorFlow by its name. It is described here
// by its structure, so that no package has to depend on tfjs-node.

/** Of the native addon: the numbers that the C API gives to kinds of attributes and element types. */
interface TensorflowBinding {
  readonly TF_ATTR_TYPE: number;
  readonly TF_ATTR_INT: number;
  readonly TF_ATTR_FLOAT: number;
  readonly TF_ATTR_BOOL: number;
  readonly TF_ATTR_STRING: number;
  readonly TF_FLOAT: number;
  readonly TF_INT32: number;
}

export interface TensorflowAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: number | boolean | string | readonly number[];
}

/** What the kernels use of tfjs-node's `NodeJSKernelBackend`. */
export interface TensorflowBackend {
  readonly binding: TensorflowBinding;
  /** Whether ops run on a CUDA device. */
  readonly isUsingGpuDevice: boolean;
  /** Runs a native op by TensorFlow's name, such as `Conv2D`, and returns its output. */
  executeSingleOutput(
    name: string,
    attributes: readonly TensorflowAttribute[],
    inputs: readonly TensorInfo[],
  ): Tensor;
  /** The same of an op with so many outputs, which come in TensorFlow's order. */
  executeMultipleOutputs(
    name: string,
    attributes: readonly TensorflowAttribute[],
    inputs: readonly TensorInfo[],
    outputs: number,
  ): Tensor[];
}

/** A kernel of an op on this backend. */
export type TensorflowKernel<Operation> = OpKernel<Operation, TensorflowBackend>;

/**
 * An op's attributes, grouped by the kinds that the C API tells apart. Each costs time in every call:
 * what TensorFlow finds from the inputs or has as its default is left out where a call is frequent.
 */
export interface AttributeValues {
  readonly type?: Readonly<Record<string, "float32" | "int32">>;
  readonly int?: Readonly<Record<string, number | readonly number[]>>;
  readonly float?: Readonly<Record<string, number>>;
  readonly bool?: Readonly<Record<string, boolean>>;
  readonly string?: Readonly<Record<string, string>>;
}

export function attributes(
  { binding }: TensorflowBackend,
  { type = {}, int = {}, float = {}, bool = {}, string = {} }: AttributeValues,
): TensorflowAttribute[] {
  const list = (kind: number, values: Readonly<Record<string, TensorflowAttribute["value"]>>) =>
    Object.entries(values).map(([name, value]) => ({ name, type: kind, value }));
  const types = Object.entries(type).map(([name, dtype]) => ({
    name,
    type: binding.TF_ATTR_TYPE,
    value: dtype === "float32" ? binding.TF_FLOAT : binding.TF_INT32,
  }));
  return [
    ...types,
    ...list(binding.TF_ATTR_INT, int),
    ...list(binding.TF_ATTR_FLOAT, float),
    ...list(binding.TF_ATTR_BOOL, bool),
    ...list(binding.TF_ATTR_STRING, string),
  ];
}

/**
 * The attributes of an op that owns its input `owned` and may write over it. There must be one.
 *
 * TensorFlow reuses the buffer of an input that nobody else holds. The addon takes hold of an op's
 * inputs before it reads the attributes, so the first of these lets go of the tensor just in time. A
 * buffer that a clone shares is not written to.
 */
export function lettingGo(
  owned: Tensor,
  [first, ...rest]: readonly TensorflowAttribute[],
): TensorflowAttribute[] {
  const { name, type, value } = first!;
  const last: TensorflowAttribute = {
    name,
    type,
    get value() {
      owned.dispose();
      return value;
    },
  };
  return [last, ...rest];
}

/** Runs an element-wise op of float32 tensors that owns its first input and may write over it. */
export function overwrite(
  backend: TensorflowBackend,
  name: string,
  owned: Tensor,
  ...others: readonly TensorInfo[]
): Tensor {
  const attrs = lettingGo(owned, attributes(backend, { type: { T: "float32" } }));
  return backend.executeSingleOutput(name, attrs, [owned, ...others]);
}
