import { show } from "@bn-only/errors";
import type { KernelBackend, Tensor, TensorInfo } from "@tensorflow/tfjs-core";
import { assertFunction, assertText } from "../check.ts";
import { FrozenLayersError } from "../errors.ts";

// An op is a contract: names and types of its inputs, attributes and outputs, the shapes that it
// takes, and its formula. Its definition in plain tfjs ops is `kernels/reference/<op>.ts`; a backend
// brings a kernel of its own under the same types.
//
// One rule of ownership holds for all ops: inputs are borrowed, except those that the op names in
// `owns`. These are gone after the call, and a kernel may write over one whose data nobody else shares:
// a clone of it keeps its numbers. Outputs belong to the caller. An optional output is there or not; nothing is told by the length of a list.

/** Tensors by name, or a list of them where an op takes or gives any number. */
export type OpTensors = Readonly<Record<string, Tensor | undefined>> | readonly Tensor[];

/**
 * The contract of an op: names and types of its inputs, attributes and outputs. `runOp` runs the kernel that
 * a backend has registered by `registerOpKernel`, or the definition in plain tfjs ops.
 */
export interface Op<
  Inputs extends OpTensors = OpTensors,
  Attributes extends object = object,
  Outputs extends OpTensors = OpTensors,
> {
  /** The kernel name in tfjs's registry, `BnOnly…`. */
  readonly name: `BnOnly${string}`;
  /** Inputs that the op disposes. */
  readonly owns: readonly string[];
  /** Inputs of type int32; all others are float32. `runOp` refuses any other type, so no kernel has to. */
  readonly indices: readonly string[];
  /** @throws ShapeError when inputs and attributes do not fit each other. */
  readonly check?: (inputs: Inputs, attributes: Attributes) => void;
  /** There for the types only. */
  readonly outputs?: Outputs;
}

/** Any op, whatever its types. */
export type AnyOp = Pick<Op, "name" | "owns" | "indices">;

/** `conv2D` for `BnOnlyConv2D`. */
export function labelOf({ name }: AnyOp): string {
  const label = name.slice("BnOnly".length);
  return label[0]!.toLowerCase() + label.slice(1);
}

type OpParts<Inputs, Attributes> = {
  readonly name: `BnOnly${string}`;
  readonly owns?: readonly (keyof Inputs & string)[];
  readonly indices?: readonly (keyof Inputs & string)[];
  readonly check?: (inputs: Inputs, attributes: Attributes) => void;
};

/**
 * An op of its parts; it owns no input and has none of type int32 unless it says so.
 *
 * @throws FrozenLayersError when the name is no text, `owns` or `indices` no list of names, or `check` no function.
 */
export function defineOp<
  Inputs extends OpTensors,
  Attributes extends object,
  Outputs extends OpTensors,
>(definition: OpParts<Inputs, Attributes>): Op<Inputs, Attributes, Outputs> {
  const { owns = [], indices = [], ...parts } = Object(definition) as OpParts<Inputs, Attributes>;
  assertText("defineOp: name", parts.name);
  for (const [list, names] of Object.entries({ owns, indices })) {
    if (Array.isArray(names) && names.every((name) => typeof name === "string")) continue;
    throw new FrozenLayersError(
      `${parts.name}: ${list} must be a list of names, got ${show(names)}.`,
    );
  }
  if (parts.check !== undefined) assertFunction(`${parts.name}: check`, parts.check);
  return { ...parts, owns, indices };
}

/** What a kernel returns: the op's outputs, as tensors or as what tfjs makes tensors of. */
export type OutputInfos<Outputs extends OpTensors> = {
  readonly [Name in keyof Outputs]: undefined extends Outputs[Name]
    ? TensorInfo | undefined
    : TensorInfo;
};

/** A kernel of `Operation` on `Backend`: it borrows its inputs, those that the op owns too. */
export type OpKernel<Operation, Backend = KernelBackend> =
  Operation extends Op<infer Inputs, infer Attributes, infer Outputs>
    ? (inputs: Inputs, attributes: Attributes, backend: Backend) => OutputInfos<Outputs>
    : never;

/** The definition of an op: a kernel in plain tfjs ops. */
export type ReferenceKernel<Operation> =
  Operation extends Op<infer Inputs, infer Attributes, infer Outputs>
    ? (inputs: Inputs, attributes: Attributes) => Outputs
    : never;
