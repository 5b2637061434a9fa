import {
  type NamedAttrMap,
  type NamedTensorMap,
  type Tensor,
  engine,
  getBackend,
  getKernel,
} from "@tensorflow/tfjs-core";
import { type AnyOp, labelOf, type Op, type OpTensors } from "../ops/op.ts";
import { assertFunction } from "../check.ts";
import { FrozenLayersError } from "../errors.ts";
import { asOutOfMemory } from "../out-of-memory.ts";
import { formatShape } from "../shape.ts";
import { disposingOnError } from "../transaction.ts";
import { currentBackend } from "./backend.ts";
import { assertCall } from "./call.ts";
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
 * @throws ShapeError when the inputs' types or shapes do not fit the op; FrozenLayersError for an op that the backend has
 * no kernel of and this package no definition, or a kernel that `registerOpKernel` did not register;
 * OutOfMemoryError when a result does not fit. The inputs are the caller's then, and nothing else is left.
 */
export function runOp<
  Inputs extends OpTensors,
  Attributes extends object,
  Outputs extends OpTensors,
>(op: Op<Inputs, Attributes, Outputs>, inputs: Inputs, attributes: Attributes): Outputs {
  assertCall(op, inputs, attributes);
  const backend = currentBackend();
  const registered = getKernel(op.name, backend) !== undefined;
  let outputs: Outputs;
  try {
    outputs = registered
      ? runRegistered(op, inputs, attributes)
      : disposingOnError(() => referenceKernel(op)(inputs, attributes));
  } catch (error) {
    throw asOutOfMemory(error, tooLarge(op, inputs));
  }
  for (const name of op.owns) (inputs as Record<string, Tensor | undefined>)[name]?.dispose();
  for (const listener of listeners) {
    listener({ op, backend, implementation: registered ? "kernel" : "reference" });
  }
  return outputs;
}

function tooLarge(op: AnyOp, inputs: OpTensors): string {
  const shapes = Object.values(inputs).flatMap((input: Tensor | undefined) =>
    input ? [formatShape(input.shape)] : [],
  );
  return (
    `${labelOf(op)}: its result for inputs of ${shapes.join(", ")} does not fit in the memory of the backend ` +
    `"${getBackend()}". Use a smaller batch, or checkpointed blocks`
  );
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
