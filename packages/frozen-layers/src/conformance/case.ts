import { memory, type Tensor, tensor } from "@tensorflow/tfjs-core";
import { randomStream } from "../random/stream.ts";
import { formatShape, type Shape, sizeOf } from "../shape.ts";
import { type Array64, relativeError } from "./float64/array.ts";

/** One op on one set of inputs, compared with its definition in float64. */
export interface ConformanceCase {
  readonly op: string;
  readonly name: string;
  /** Largest relative error, `‖actual − expected‖ / ‖expected‖`, of a correct float32 kernel. */
  readonly tolerance: number;
  /**
   * Runs on tfjs's current backend.
   *
   * @throws Error when a shape is wrong or a tensor leaks.
   */
  run(): Promise<{ error: number }>;
}

/** Inputs of a case: reproducible normal numbers, rounded to float32 as a tensor holds them. */
export type Draw = (name: string, shape: Shape, offset?: number) => Array64;

export interface CaseParts {
  readonly op: string;
  readonly name: string;
  readonly tolerance?: number;
  /** Computes the expected results, and the actual ones as a function that makes tensors. */
  compare(draw: Draw): { expected: Array64[]; actual(): Tensor[] };
}

export function conformanceCase({
  op,
  name,
  tolerance = 1e-6,
  compare,
}: CaseParts): ConformanceCase {
  const draw: Draw = (input, shape, offset = 0) => {
    const values = randomStream(0, `${op}/${name}/${input}`).normal(sizeOf(shape));
    return { shape, values: values.map((value) => Math.fround(value + offset)) };
  };

  async function run(): Promise<{ error: number }> {
    const { expected, actual } = compare(draw);
    const before = memory().numTensors;
    const outputs = actual();
    let error = 0;
    for (const [i, output] of outputs.entries()) {
      const shape = formatShape(output.shape);
      if (shape !== formatShape(expected[i]!.shape)) {
        throw new Error(
          `${op}, ${name}: output ${i} has shape ${shape}, expected ${formatShape(expected[i]!.shape)}.`,
        );
      }
      error = Math.max(error, relativeError(await output.data(), expected[i]!));
      output.dispose();
    }
    if (outputs.length !== expected.length) {
      throw new Error(`${op}, ${name}: ${outputs.length} outputs, expected ${expected.length}.`);
    }
    const leaked = memory().numTensors - before;
    if (leaked !== 0) throw new Error(`${op}, ${name}: ${leaked} tensors leaked.`);
    return { error };
  }

  return { op, name, tolerance, run };
}

/**
 * Calls `compute` with float32 tensors of `inputs` and disposes those afterwards.
 */
export function withTensors(
  inputs: readonly Array64[],
  compute: (...tensors: Tensor[]) => Tensor[],
): Tensor[] {
  const tensors = inputs.map(({ values, shape }) =>
    tensor(Float32Array.from(values), [...shape], "float32"),
  );
  const outputs = compute(...tensors);
  tensors.forEach((used) => used.dispose());
  return outputs;
}
