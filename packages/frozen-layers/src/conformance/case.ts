import { getBackend, getKernel, memory, type Tensor, tensor } from "@tensorflow/tfjs-core";
import { FrozenLayersError } from "../errors.ts";
import { observeOps, type OpEvent } from "../kernels/run-op.ts";
import { type AnyOp, labelOf } from "../ops/op.ts";
import { randomStream } from "../random/stream.ts";
import { formatShape, type Shape, sizeOf } from "../shape.ts";
import { disposingOnError } from "../transaction.ts";
import { type Array64, relativeError } from "./float64/array.ts";

/** One op on one set of inputs, compared with its definition in float64. */
export interface ConformanceCase {
  readonly op: AnyOp;
  readonly name: string;
  /** Largest relative error, `‖actual − expected‖ / ‖expected‖`, of a correct float32 kernel. */
  readonly tolerance: number;
  /**
   * Runs on tfjs's current backend.
   *
   * @param implemented the ops of which the backend states that it has kernels of its own
   * @throws FrozenLayersError when one of them ran by the reference, a shape is wrong, an input that the op borrows
   * was written over or a tensor leaks.
   */
  run(implemented?: readonly AnyOp[]): Promise<{ error: number }>;
}

/** Inputs of a case: reproducible normal numbers, rounded to float32 as a tensor holds them. */
export type Draw = (name: string, shape: Shape, offset?: number) => Array64;

export interface CaseParts {
  readonly op: AnyOp;
  readonly name: string;
  readonly tolerance?: number;
  /** Computes the expected results, and the actual ones as a function that makes tensors. */
  compare(draw: Draw): { expected: Array64[]; actual(): Promise<Tensor[]> };
}

export function conformanceCase({
  op,
  name,
  tolerance = 1e-6,
  compare,
}: CaseParts): ConformanceCase {
  const label = labelOf(op);
  const draw: Draw = (input, shape, offset = 0) => {
    const values = randomStream(0, `${label}/${name}/${input}`).normal(sizeOf(shape));
    return { shape, values: values.map((value) => Math.fround(value + offset)) };
  };

  async function run(implemented: readonly AnyOp[] = []): Promise<{ error: number }> {
    assertRegistered(op, implemented);
    const { expected, actual } = compare(draw);
    const before = memory().numTensors;
    const events: OpEvent[] = [];
    const stop = observeOps((event) => events.push(event));
    let outputs: Tensor[];
    try {
      outputs = await actual();
    } catch (error) {
      if (!(error instanceof OverwrittenInput)) throw error;
      throw new FrozenLayersError(`${label}, ${name}: ${error.message}`, { cause: error });
    } finally {
      stop();
    }
    let error = 0;
    try {
      assertRan(op, events, implemented);
      if (outputs.length !== expected.length) {
        throw new FrozenLayersError(
          `${label}, ${name}: ${outputs.length} outputs, expected ${expected.length}.`,
        );
      }
      for (const [i, output] of outputs.entries()) {
        const shape = formatShape(output.shape);
        const wanted = formatShape(expected[i]!.shape);
        if (shape !== wanted) {
          throw new FrozenLayersError(
            `${label}, ${name}: output ${i} has shape ${shape}, expected ${wanted}.`,
          );
        }
        error = Math.max(error, relativeError(await output.data(), expected[i]!));
      }
    } finally {
      outputs.forEach((output) => output.dispose());
    }
    const leaked = memory().numTensors - before;
    if (leaked !== 0) throw new FrozenLayersError(`${label}, ${name}: ${leaked} tensors leaked.`);
    return { error };
  }

  return { op, name, tolerance, run };
}

/** @throws FrozenLayersError when the backend implements `op` but has no kernel for it. */
function assertRegistered(op: AnyOp, implemented: readonly AnyOp[]): void {
  const stated = implemented.some(({ name }) => name === op.name);
  if (!stated || getKernel(op.name, getBackend())) return;
  throw new FrozenLayersError(
    `${labelOf(op)}: the backend "${getBackend()}" states that it implements this op, but has no kernel ` +
      `"${op.name}". Register it.`,
  );
}

/** @throws FrozenLayersError unless `op` ran, and no op that the backend implements ran by its reference. */
function assertRan(op: AnyOp, events: readonly OpEvent[], implemented: readonly AnyOp[]): void {
  if (!events.some((event) => event.op.name === op.name)) {
    throw new FrozenLayersError(`${labelOf(op)}: the case did not run it.`);
  }
  assertNoReference(events, implemented);
}

/** @throws FrozenLayersError when an op that the backend implements ran by its reference. */
export function assertNoReference(events: readonly OpEvent[], implemented: readonly AnyOp[]): void {
  const names = new Set(implemented.map(({ name }) => name));
  const missing = events.find(
    (event) => event.implementation === "reference" && names.has(event.op.name),
  );
  if (missing) {
    throw new FrozenLayersError(
      `${labelOf(missing.op)}: the backend "${missing.backend}" states that it implements this op, but it ran ` +
        `by the reference. Register its kernel "${missing.op.name}".`,
    );
  }
}

class OverwrittenInput extends FrozenLayersError {}

/**
 * Calls `compute` with float32 tensors of `inputs` and disposes those afterwards.
 *
 * @throws OverwrittenInput when one that is still there has other numbers than before.
 */
export async function withTensors(
  inputs: readonly Array64[],
  compute: (...tensors: Tensor[]) => Tensor[],
): Promise<Tensor[]> {
  const tensors = inputs.map(({ values, shape }) =>
    tensor(Float32Array.from(values), [...shape], "float32"),
  );
  let outputs: Tensor[] = [];
  let overwritten: number;
  try {
    outputs = disposingOnError(() => compute(...tensors));
    const changes = await Promise.all(tensors.map((used, i) => changed(used, inputs[i]!)));
    overwritten = changes.indexOf(true);
  } catch (error) {
    outputs.forEach((output) => output.dispose());
    throw error;
  } finally {
    tensors.forEach((used) => used.dispose());
  }
  if (overwritten < 0) return outputs;
  outputs.forEach((output) => output.dispose());
  throw new OverwrittenInput(
    `input ${overwritten} has other numbers after the run. A kernel may write over an input only where the op ` +
      `owns it and nobody else shares its data.`,
  );
}

async function changed(used: Tensor, { values }: Array64): Promise<boolean> {
  if (used.isDisposed) return false;
  const now = await used.data<"float32">();
  return values.some((value, i) => now[i] !== Math.fround(value));
}
