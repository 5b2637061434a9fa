import { memory, type Tensor, tensor } from "@tensorflow/tfjs-core";
import { FrozenLayersError } from "../errors.ts";
import type { Pass } from "../layers/layer.ts";
import { disposePass, trainingPass } from "../layers/pass.ts";
import type { Network } from "../network.ts";
import type { Parameter } from "../parameters/parameter.ts";
import { randomStream } from "../random/stream.ts";
import { show } from "@bn-only/errors";
import type { Shape } from "../shape.ts";
import { disposingOnError } from "../transaction.ts";

const BATCH = 3;
/** Smaller ones cross fewer kinks of ReLU, larger ones have less noise of float32: the nearest counts. */
const STEPS = [1.25e-4, 3e-5, 5e-4, 2e-3, 8e-3];
const NEAR = 1e-2;
/**
 * That a parameter is shifted in, where the first does not agree: in one direction a kink may be in the way of every
 * step, and a wrong gradient may look right. Neither is so in two of three.
 */
const DIRECTIONS = 3;

/**
 * Compares the gradients of a network with central differences of its loss, a random weighting of what it puts out,
 * each along a random direction of its parameter; where that does not agree, along three, of which the middle one counts.
 *
 * @returns the largest relative error, 1e-2 at most where layers are right, Infinity where a gradient is not a number, and where it is
 * @throws FrozenLayersError when a trainable parameter gets no gradient, or a tensor is left.
 */
export async function checkGradients(
  network: Network,
): Promise<{ error: number; parameter: string }> {
  assertTrainable(network);
  const input = randomTensor("input", [BATCH, ...network.inputShape]);
  const direction = randomTensor("direction", [BATCH, network.classes]);
  let pass: Pass | undefined;
  try {
    disposePass((await run(true)).pass); // prepares filters
    const before = memory().numTensors;
    ({ pass } = await run(true));
    let worst = { error: 0, parameter: "" };
    for (const parameter of network.trainable) {
      const error = await errorOf(parameter, pass.gradients.get(parameter));
      if (error > worst.error) worst = { error, parameter: parameter.path };
    }
    disposePass(pass);
    pass = undefined;
    const leaked = memory().numTensors - before;
    if (leaked !== 0) throw new FrozenLayersError(`layers: ${leaked} tensors leaked.`);
    return worst;
  } finally {
    if (pass) disposePass(pass);
    [input, direction].forEach((used) => used.dispose());
  }

  async function errorOf(parameter: Parameter, gradient: Tensor | undefined): Promise<number> {
    const { path, size } = parameter;
    if (!gradient) throw new FrozenLayersError(`layers: there is no gradient of "${path}".`);
    const values = await gradient.data<"float32">();
    const errors: number[] = [];
    for (let i = 0; i < DIRECTIONS; i++) {
      const along = randomValues(i === 0 ? `along/${path}` : `along/${path}/${i}`, size);
      const error = await errorAlong(parameter, along, dot(values, along));
      if (error === Infinity || (i === 0 && error < NEAR)) return error;
      errors.push(error);
    }
    return errors.toSorted((a, b) => a - b)[(DIRECTIONS - 1) / 2]!;
  }

  /** Of the step that agrees best; Infinity where there is nothing to compare. */
  async function errorAlong(
    parameter: Parameter,
    along: Float32Array,
    analytic: number,
  ): Promise<number> {
    let error = Infinity;
    if (Number.isNaN(analytic)) return error;
    for (const step of STEPS) {
      const after = await lossShifted(parameter, along, step);
      const numeric = (after - (await lossShifted(parameter, along, -step))) / (2 * step);
      const off = Math.abs(analytic - numeric) / Math.max(1, Math.abs(numeric));
      if (off < error) error = off;
      if (error < NEAR) break;
    }
    return error;
  }

  /** `Σ output · direction`, and the gradients of it. */
  async function run(record: boolean): Promise<{ loss: number; pass: Pass }> {
    const current = trainingPass({ record });
    try {
      const output = disposingOnError(() => {
        const result = network.layer.forward(input.clone(), current);
        if (record) network.layer.backward(result.saved, direction.clone(), current)?.dispose();
        return result.output;
      });
      const loss = dot(await output.data<"float32">(), await direction.data<"float32">());
      output.dispose();
      return { loss, pass: current };
    } catch (error) {
      disposePass(current);
      throw error;
    }
  }

  async function lossShifted(
    parameter: Parameter,
    along: Float32Array,
    step: number,
  ): Promise<number> {
    const original = parameter.value.clone();
    try {
      const values = await original.data<"float32">();
      const shifted = values.map((value, i) => value + step * along[i]!);
      parameter.set(tensor(shifted, [...parameter.shape]));
      const { loss, pass: forward } = await run(false);
      disposePass(forward);
      return loss;
    } finally {
      parameter.set(original);
    }
  }
}

function randomValues(name: string, size: number): Float32Array {
  return Float32Array.from(randomStream(1, name).normal(size));
}

function randomTensor(name: string, shape: Shape): Tensor {
  const size = shape.reduce((product, length) => product * length, 1);
  return tensor(randomValues(name, size), [...shape]);
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}

function assertTrainable(network: Network): void {
  const { trainable, disposed } = Object(network) as Partial<Network>;
  if (Array.isArray(trainable) && trainable.length > 0 && disposed === false) return;
  throw new FrozenLayersError(
    `checkGradients: expected a network of which something trains, by setTrainable, got ${show(network)}.`,
  );
}
