import { show } from "@bn-only/errors";
import {
  type NamedAttrMap,
  type NamedTensorMap,
  type Tensor,
  engine,
  getBackend,
  getKernel,
} from "@tensorflow/tfjs-core";
import type { AnyOp, Op, OpTensors } from "../ops/op.ts";
import { assertFunction, assertTensor } from "../check.ts";
import { FrozenLayersError, ShapeError } from "../errors.ts";
import { currentBackend } from "./backend.ts";
import { referenceKernel } from "./reference/index.ts";
import { withOutputNames } from "./register.ts";

/** One run of an op, and which kernel it was. */
export interface OpEvent {
  readonly op: AnyOp;
  /** tfjs's name of the backend. */
  readonly backend: string;
  /** The backend's own, or the op's definition in plain tfjs ops. */
  readonly implementation: "kernel" | "reference";
}

const listeners = new Set<(event: OpEvent) => void>();

/** Tells `listener` of every op that runs, until the function that it returns is called. */
export function observeOps(listener: (event: OpEvent) => void): () => void {
  assertFunction("observeOps: listener", listener);
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/**
 * Runs the current backend's kernel of an op, or the op's definition where it has none. Inputs that the
 * op owns are disposed, outputs belong to the caller.
 *
 * @throws ShapeError when the inputs do not fit the op; FrozenLayersError for an op that the backend has
 * no kernel of and this package no definition, or a kernel that `registerOpKernel` did not register.
 */
export function runOp<
  Inputs extends OpTensors,
  Attributes extends object,
  Outputs extends OpTensors,
>(op: Op<Inputs, Attributes, Outputs>, inputs: Inputs, attributes: Attributes): Outputs {
  checkOp(op, inputs, attributes);
  const backend = currentBackend();
  const registered = getKernel(op.name, backend) !== undefined;
  const outputs = registered
    ? runRegistered(op, inputs, attributes)
    : referenceKernel(op)(inputs, attributes);
  for (const name of op.owns) (inputs as Record<string, Tensor | undefined>)[name]?.dispose();
  for (const listener of listeners) {
    listener({ op, backend, implementation: registered ? "kernel" : "reference" });
  }
  return outputs;
}

/** Inputs that are whole numbers; the ops that have them check their type. */
const integers = new Set(["labels", "indices"]);

/** Tensors that live, and then what the op itself wants of them. */
function checkOp<Inputs extends OpTensors, Attributes extends object>(
  op: Op<Inputs, Attributes>,
  inputs: Inputs,
  attributes: Attributes,
): void {
  const { name, check } = Object(op) as Op<Inputs, Attributes>;
  if (typeof name !== "string") {
    throw new FrozenLayersError(
      `runOp: expected an op, such as conv2dOp, got one named ${show(name)}.`,
    );
  }
  if (Object(inputs) !== inputs || Object(attributes) !== attributes) {
    throw new ShapeError(
      `${name}: expected tensors by name and attributes, got ${show(inputs)} and ${show(attributes)}.`,
    );
  }
  for (const input of Object.keys(inputs)) {
    const tensor = inputs[input as keyof Inputs] as unknown;
    if (tensor === undefined) continue;
    assertTensor(`${name}: ${input}`, tensor);
    if (tensor.dtype === "float32" || integers.has(input)) continue;
    throw new ShapeError(
      `${name}: ${input} must be of type float32, got ${tensor.dtype}. Use tf.cast(x, "float32").`,
    );
  }
  try {
    check?.(inputs, attributes);
  } catch (error) {
    if (FrozenLayersError.isInstance(error)) throw error;
    throw new ShapeError(
      `${name}: an input or attribute is missing or of the wrong kind; got inputs ${show(inputs)} and ` +
        `attributes ${show(attributes)}.`,
      { cause: error },
    );
  }
}

function runRegistered<
  Inputs extends OpTensors,
  Attributes extends object,
  Outputs extends OpTensors,
>({ name }: Op<Inputs, Attributes, Outputs>, inputs: Inputs, attributes: Attributes): Outputs {
  const { result, names } = withOutputNames(() =>
    engine().runKernel<Tensor | Tensor[]>(
      name,
      inputs as unknown as NamedTensorMap,
      attributes as unknown as NamedAttrMap,
    ),
  );
  const tensors = [result].flat();
  if (names === undefined) {
    tensors.forEach((tensor) => tensor.dispose());
    throw new FrozenLayersError(
      `runOp: the kernel "${name}" of the backend "${getBackend()}" does not name its outputs. Register it by ` +
        `registerOpKernel of the same copy of frozen-layers, not by tfjs's registerKernel.`,
    );
  }
  if (names === "list") return tensors as unknown as Outputs;
  return Object.fromEntries(names.map((output, i) => [output, tensors[i]])) as unknown as Outputs;
}
